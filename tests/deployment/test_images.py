"""References of images, by the grammar of the registries."""

from __future__ import annotations

import pytest

from servespec.deployment.images import ImageReference

_DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "repository", "tag", "digest"),
    [
        ("python", "python", None, None),
        ("python:3.11-slim", "python", "3.11-slim", None),
        ("team/name:V1_x.y-z", "team/name", "V1_x.y-z", None),
        ("registry.example.com/ml/fraud-detector", "registry.example.com/ml/fraud-detector", None, None),
        ("localhost:5000/name:1", "localhost:5000/name", "1", None),
        ("Registry.Example.com/name", "Registry.Example.com/name", None, None),
        ("a.b__c---d/e", "a.b__c---d/e", None, None),
        (f"name@{_DIGEST}", "name", None, _DIGEST),
        (f"name:1@{_DIGEST}", "name", "1", _DIGEST),
    ],
)
def test_a_reference(text: str, repository: str, tag: str | None, digest: str | None) -> None:
    """Registry and repository, tag and digest come apart, and together they are the same text again."""
    reference = ImageReference.parse(text)
    assert reference == ImageReference(repository, tag, digest)
    assert str(reference) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "Python", "name:", "name:-1", "name:a b", "name@sha256:abc", f"name@{_DIGEST}0", f"name@{_DIGEST.upper()}",
        "-name", "name-", "a//b", "/a", "a/", "a___b", "a..b", "https://example.com/a", "name:1:2", "name\nRUN id", "name\n",
        "name:" + "t" * 129, "n" * 401, "näme", "$IMAGE",
    ],
)  # fmt: skip
def test_no_reference(text: str) -> None:
    """What no registry would take is refused, above all what could end a line of a Dockerfile."""
    assert ImageReference.parse(text) is None


@pytest.mark.parametrize(
    ("text", "pinned"),
    [("a", False), ("a:latest", False), ("a:1", True), (f"a@{_DIGEST}", True), (f"a:latest@{_DIGEST}", True)],
)
def test_pinned(text: str, pinned: bool) -> None:
    """A digest pins, and so does any tag but the moving one."""
    reference = ImageReference.parse(text)
    assert reference is not None
    assert reference.pinned is pinned
