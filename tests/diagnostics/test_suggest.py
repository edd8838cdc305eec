"""Did you mean: right for a slip, silent for another word."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.diagnostics.suggest import closest, closest_of, one_of, only

FIELDS = [
    "apiVersion",
    "name",
    "release",
    "pattern",
    "model",
    "signature",
    "runtime",
    "image",
    "resources",
    "scaling",
    "batch",
    "targets",
]
SCALING = ["replicas", "autoscaling", "minReplicas", "maxReplicas"]
RUNTIME = ["server", "version", "protocols", "workers", "batchSize", "microBatch", "env", "config"]
FORMATS = [
    "tensorflow",
    "pytorch",
    "torchscript",
    "sklearn",
    "xgboost",
    "lightgbm",
    "onnx",
    "mlflow",
    "custom",
]
SERVERS = ["tf-serving", "torchserve", "mlflow", "mlserver", "onnxruntime"]
COMMANDS = ["init", "validate", "build", "explain", "schema", "targets", "lock", "run", "smoke", "show"]
BLOCK = ["description", "resources", "requirements", "namespace"]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("replica", SCALING, "replicas"),
        ("min_replicas", SCALING, "minReplicas"),
        ("batch_size", RUNTIME, "batchSize"),
        ("micro-batch", RUNTIME, "microBatch"),
        ("worker", RUNTIME, "workers"),
        ("Pytorch", FORMATS, "pytorch"),
        ("torch", FORMATS, "pytorch"),
        ("tensor", FORMATS, "tensorflow"),
        ("tfserving", SERVERS, "tf-serving"),
        ("tf", SERVERS, "tf-serving"),
        ("torch_serve", SERVERS, "torchserve"),
        ("mdoel", FIELDS, "model"),
        ("nmae", FIELDS, "name"),
        ("apiversion", FIELDS, "apiVersion"),
        ("buidl", COMMANDS, "build"),
        ("desc", BLOCK, "description"),
        ("test", ["rest", "tests"], "tests"),
    ],
)
def test_slips_are_understood(word: str, known: list[str], meant: str) -> None:
    """A plural, another case or joint, a swap, a missing letter, an abbreviation: what was meant."""
    assert closest(word, known) == meant


@pytest.mark.parametrize("word", ["", "-", "x", "kubernetes", "pickle", "hyperparameters", "42", "na\u202e"])
def test_other_words_are_left_alone(word: str) -> None:
    """Nothing is proposed that shares little more than a letter with what was typed."""
    assert closest(word, FIELDS + FORMATS) is None


@pytest.mark.parametrize(
    ("word", "known"), [("name", "owner"), ("host", "port"), ("version", "apiVersion"), ("namespaces", "name")]
)
def test_short_words_are_not_stretched(word: str, known: str) -> None:
    """Words that merely look alike, or begin alike, are not taken for each other."""
    assert closest(word, [known]) is None


@pytest.mark.parametrize(
    ("word", "known"),
    [("ingress", "egress"), ("maxRows", "minRows"), ("UINT8", "INT8"), ("async", "sync"), ("unsafe", "safe")],
)
def test_what_may_be_an_opposite_is_never_taken_for_a_slip(word: str, known: str) -> None:
    """It is asked about, and not put in the place of the word unasked."""
    assert closest(word, [known]) == known
    assert only(word, [known]) is None


@pytest.mark.parametrize(
    ("word", "known"),
    [("worker", "workers"), ("pytroch", "pytorch"), ("micro-batch", "microBatch"), ("req", "request")],
)
def test_what_can_only_be_a_slip(word: str, known: str) -> None:
    """A letter too many, too few or swapped, another joint, or the beginning of one word alone."""
    assert only(word, [known, "elsewhere"]) == known


words = st.text("abAB-_ é", max_size=8)


@given(words, st.lists(words, max_size=8))
def test_suggestions_are_known_words_and_never_the_word_itself(word: str, known: list[str]) -> None:
    """Whatever is typed, a suggestion is something else that would be accepted, and order does not matter."""
    suggested = closest_of(word, known)
    assert set(suggested) <= set(known) - {word}
    assert len(suggested) == len(set(suggested)) <= 3
    assert suggested == closest_of(word, reversed(known))
    assert closest(word, known) == (suggested[0] if suggested else None)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12), st.data())
def test_one_slip_is_always_found(name: str, data: st.DataObject) -> None:
    """A letter left out, doubled, or swapped with its neighbour never hides the word."""
    at = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    for typed in {name[:at] + name[at + 1 :], name[:at] + name[at] * 2 + name[at + 1 :], swapped} - {name}:
        assert closest(typed, [name]) == name


def test_a_huge_word_costs_nothing() -> None:
    """A megabyte of garbage as a key is far from everything, and found to be so without comparing letters.

    Comparing them takes about half a minute of processor time, so the bound can't be missed by a busy machine.
    """
    before = time.process_time()
    assert closest("x" * 1_000_000, FIELDS) is None
    assert time.process_time() - before < 3


@pytest.mark.parametrize(
    ("known", "phrase"),
    [((), ""), (("a",), "`a`"), (("a", "b"), "`a` or `b`"), (("a", "b", "c"), "`a`, `b` or `c`")],
)
def test_choices_read_as_a_phrase(known: tuple[str, ...], phrase: str) -> None:
    """A list of what is accepted reads like a sentence, in the order that it was given."""
    assert one_of(known) == phrase
