"""XGBoost's JSON and UBJSON and LightGBM's text: features, objective and version."""

from __future__ import annotations

from servespec.inspection import ubjson
from servespec.inspection.blob import Blob, Cursor
from servespec.inspection.faces import rows_of
from servespec.inspection.jsontext import at, listed, parsed, text
from servespec.inspection.signs import is_ubjson
from servespec.inspection.types import Malformed
from servespec.models import Face, Framework, Inspection, Signature

MAX_JSON = 1 << 25
_MAX_HEADER = 1 << 22


def read_xgboost(blob: Blob) -> Inspection:
    """What a model of XGBoost says, https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html."""
    binary = is_ubjson(blob.read(0, 2))
    model = ubjson.read(Cursor(blob)) if binary else parsed(blob.whole(MAX_JSON))
    learner = at(model, "learner")
    if not isinstance(learner, dict):
        raise Malformed("is no model that is known")
    version = [text(part) for part in listed(at(model, "version"))]
    parameters = at(learner, "learner_model_param")
    names = tuple(text(name) for name in listed(at(learner, "feature_names")))
    features, classes = _number(at(parameters, "num_feature")), _number(at(parameters, "num_class"))
    return Inspection(
        "XGBoost UBJSON" if binary else "XGBoost JSON",
        "xgboost",
        Framework("xgboost", ".".join(version)) if version else None,
        signature=_signature(features, names),
        details=(
            ("features", features),
            *((("classes", classes),) if classes else ()),
            ("objective", text(at(learner, "objective", "name"))),
            ("booster", text(at(learner, "gradient_booster", "name"))),
        ),
    )


def read_lightgbm(blob: Blob) -> Inspection:
    """What a model of LightGBM says. Its version is the one of the format: the library's is not written down."""
    header = blob.read(0, min(blob.size, _MAX_HEADER)).partition(b"\n\n")[0].decode("utf-8", "replace")
    fields = dict(line.partition("=")[::2] for line in header.splitlines())
    if "max_feature_idx" not in fields:
        raise Malformed("is no model of LightGBM, or a damaged one")
    features, names = _number(fields["max_feature_idx"]) + 1, tuple(fields.get("feature_names", "").split())
    made_up = names == tuple(f"Column_{index}" for index in range(features))
    return Inspection(
        "LightGBM text",
        "lightgbm",
        signature=_signature(features, () if made_up else names),
        details=(
            ("format version", fields.get("version", "")),
            ("features", features),
            ("objective", fields.get("objective", "")),
            ("classes", _number(fields.get("num_class"))),
        ),
    )


def _signature(features: int, names: tuple[str, ...]) -> Signature | None:
    face = rows_of(features, names)
    return Signature(face, None) if face != Face((), ()) else None


def _number(value: object) -> int:
    """The number that is written as a text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else 0
