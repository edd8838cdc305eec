"""`.mar`: the archive that TorchServe loads, by its manifest and its configuration."""

from __future__ import annotations

from collections.abc import Callable

from servespec import source
from servespec.inspection.blob import Blob
from servespec.inspection.jsontext import mapping, parsed, text
from servespec.inspection.zipped import Archive
from servespec.models import Hazard, Inspection, Unknown

MANIFEST = "MAR-INF/MANIFEST.json"
_CONFIG = "model-config.yaml"
_MAX_CONFIG = 1 << 20
_FIELDS = {
    "model name": "modelName",
    "model version": "modelVersion",
    "handler": "handler",
    "model file": "modelFile",
    "weights": "serializedFile",
    "configuration": "configFile",
}


def read(archive: Archive, within: Callable[[Blob], Inspection | Unknown]) -> Inspection:
    """What a `.mar` says; `within` inspects the weights in it."""
    manifest = mapping(parsed(archive.member(MANIFEST).whole()))
    model = mapping(manifest.get("model"))
    fields = {label: value for label, key in _FIELDS.items() if isinstance(value := model.get(key), str)}
    inner = within(archive.member(fields["weights"])) if fields.get("weights") in archive.names else None
    known = inner if isinstance(inner, Inspection) else None
    return Inspection(
        "TorchServe archive",
        known.format if known else None,
        known.framework if known else None,
        signature=known.signature if known else None,
        details=(
            *fields.items(),
            ("archiver", text(manifest.get("archiverVersion"))),
            *_settings(archive, fields.get("configuration", _CONFIG)),
            *((("weights are", known.kind),) if known else ()),
        ),
        hazards=(
            *(Hazard(name, "is named in the manifest and not in the archive") for name in _missing(archive, fields)),
            *((Hazard(fields["weights"], inner.reason),) if isinstance(inner, Unknown) else ()),
            *(known.hazards if known else ()),
        ),
    )


def _missing(archive: Archive, fields: dict[str, str]) -> list[str]:
    handler = fields.get("handler", "").partition(":")[0]
    named = [fields.get(label, "") for label in ("model file", "weights", "configuration")]
    # A handler without a suffix is one of TorchServe's own.
    return [name for name in (*named, handler if handler.endswith(".py") else "") if name and name not in archive.names]


def _settings(archive: Archive, name: str) -> tuple[tuple[str, str], ...]:
    """The plain values of the configuration, which win over those of the server."""
    if name not in archive.names:
        return ()
    member = archive.member(name)
    value = source.load(name, member.read(0, _MAX_CONFIG)).document.value
    items = value.items() if isinstance(value, dict) else ()
    return tuple((f"config {key}", str(item)) for key, item in items if isinstance(item, str | int | float))
