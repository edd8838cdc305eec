"""What MLServer's image holds: which packages in which versions, and which of the model's files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

_SKLEARN = "model: { format: sklearn, uri: ./m.joblib }\n"
Compile = Callable[..., Any]


def _pins(made: Any) -> dict[str, str]:
    return dict(line.split("==") for line in made.text("requirements.txt").splitlines())


@pytest.mark.parametrize(
    ("kind", "file", "package"),
    [
        ("sklearn", "m.joblib", "scikit-learn"),
        ("xgboost", "m.json", "xgboost"),
        ("lightgbm", "m.txt", "lightgbm"),
        ("onnx", "m.onnx", "onnxruntime"),
    ],
)
def test_a_format_brings_its_packages(emitted: Compile, kind: str, file: str, package: str) -> None:
    """Each is pinned; a format that is not served brings none."""
    pins = _pins(emitted(f"model: {{ format: {kind}, uri: ./{file} }}\n"))
    assert package in pins
    assert {"mlserver", "numpy", "uvloop"} <= set(pins)
    assert len(set(pins) & {"scikit-learn", "xgboost", "lightgbm", "onnxruntime"}) == 1


def test_the_model_decides_the_framework(emitted: Compile) -> None:
    """The version that saved the model is the one that loads it."""
    framework = "framework: { name: Scikit_Learn, version: '1.6.1' }"
    assert _pins(emitted(f"model: {{ format: sklearn, uri: ./m.joblib, {framework} }}\n"))["scikit-learn"] == "1.6.1"


def test_the_project_s_own_requirements_win(emitted: Compile) -> None:
    """What the project pins is left to it: with two versions of one package pip would refuse both."""
    files = {"own.txt": "numpy==2.2.0\nscikit_learn==1.7.0\n"}
    pins = _pins(emitted(_SKLEARN + "image: { requirements: own.txt }\n", **files))
    assert not {"numpy", "scikit-learn"} & set(pins)
    assert {"mlserver-sklearn", "pandas"} <= set(pins)


def _copied(made: Any) -> str:
    return str(made.text("Dockerfile", "docker"))


def test_the_model_s_files(emitted: Compile) -> None:
    """The file, code of its own and what lies beside it are collected, made readable, and checked."""
    digest = "sha256:" + "a" * 64
    model = f"{{ format: sklearn, uri: ./m.joblib, code: steps.py, extraFiles: [words], digest: '{digest}' }}"
    files = {"steps.py": "class Step:\n    pass\n", "words/a.txt": "a\n"}
    text = _copied(emitted(f"model: {model}\n", **files))
    stage, _, image = text.partition("\n\n")
    for line in (
        'COPY ["m.joblib", "/src/model/"]',
        'COPY ["steps.py", "/src/model/"]',
        'COPY ["words", "/src/model/words/"]',
    ):
        assert line in stage
    assert f'"{digest[7:]}", "/src/model/m.joblib"]' in stage
    assert '"chmod", "-R", "a+rX,go-w", "/src/model/"' in stage
    assert 'COPY --from=model ["/src/model/", "/srv/mlserver/model/"]' in image


def test_openmp_where_it_is_needed(emitted: Compile) -> None:
    """XGBoost and LightGBM do not carry it, and a slim base has none; scikit-learn carries its own."""
    assert "libgomp1" in _copied(emitted("model: { format: lightgbm, uri: ./m.txt }\n"))
    assert "libgomp1" not in _copied(emitted(_SKLEARN))


def test_weights_change_no_byte(emitted: Compile) -> None:
    """Other bytes in the model's file, or a pointer in its place, leave all that is emitted as it is."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 3\n"
    made = [
        emitted(_SKLEARN, **{"m.joblib": data}).text("compose.yaml", "compose") for data in (b"x", b"other", pointer)
    ]
    assert made == [made[0]] * 3


def test_threads(emitted: Compile) -> None:
    """The number goes to the libraries' OpenMP, one unless the spec says more."""
    assert 'ENV OMP_NUM_THREADS="1"' in _copied(emitted(_SKLEARN))
    assert 'ENV OMP_NUM_THREADS="3"' in _copied(emitted(_SKLEARN + "runtime: { threads: 3 }\n"))
