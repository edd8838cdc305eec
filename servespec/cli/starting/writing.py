"""The text of a first spec."""

from __future__ import annotations

from servespec.cli.starting import commented, told
from servespec.deployment.workloads import BATCH, STREAMING
from servespec.emit import yaml
from servespec.emit.quoted import Data
from servespec.inspection.candidates import Candidate
from servespec.records import dataclass
from servespec.spec.root import API_VERSION

HEADER = "yaml-language-server: $schema=.servespec/serving.schema.json"


@dataclass(frozen=True)
class Choices:
    """All that a first spec says."""

    name: str
    pattern: str
    model: Candidate
    server: str
    requirements: str | None


def spec_text(choices: Choices) -> str:
    """The spec as YAML, with comments on what comes next."""
    model = choices.model
    parts: dict[str, str | None] = {"format": model.format, "uri": model.uri, "code": model.code}
    served: dict[str, Data] = {key: value for key, value in parts.items() if value is not None}
    if model.handler:
        served["handler"] = _block(file=model.handler)
    if saved_by := told.framework(model.said, server=choices.server, model_format=model.format):
        served["framework"] = saved_by
    blocks: list[tuple[str, Data]] = [
        (HEADER, _block(apiVersion=API_VERSION, name=choices.name, pattern=choices.pattern)),
        ("What is served; paths are relative to this file.", _block(model=served)),
        ("The model server.", _block(runtime=_block(server=choices.server))),
    ]
    if choices.requirements:
        image = _block(requirements=choices.requirements)
        blocks.append(("Pin every version, so that builds repeat.", _block(image=image)))
    signature, read = told.signature(model.said), list[Data](item.name for item in commented.features(model.said))
    if choices.pattern == BATCH:
        header = "When which files are scored; `columns` are the model's features, in their order."
        blocks.append((header, _block(batch=_batch(read))))
    if choices.pattern == STREAMING:
        blocks.append(("What is outside, by name: brokers, and how they are shown who this is.", _block(**_broker())))
        header = "Which events are scored; `features` are the fields that the model reads, in its order."
        blocks.append((header, _block(streaming=_streaming(read))))
    if signature:
        blocks.append(("What goes in and what comes out, as the model itself says.", _block(signature=signature)))
    texts = [yaml.dump(data, header=header).text for header, data in blocks]
    after = "" if signature else commented.signature(choices.server, model.said)
    if choices.pattern == STREAMING:
        after += commented.event(model.said)
    elif choices.pattern != BATCH:  # which answers nobody
        after += commented.example(choices.server, model.said, told=signature is not None)
    comment = "".join(f"# {line}\n" for line in after.splitlines())
    return "\n".join(filter(None, [*texts, comment]))


def _batch(read: list[Data]) -> Data:
    moment = "{interval.start:%Y-%m-%d}"
    return _block(
        schedule=_block(cron="@daily"),
        input=_block(uri=f"data/input/{moment}/", columns=read),
        output=_block(uri=f"data/scores/{moment}/"),
    )


def _broker() -> dict[str, Data]:
    return {"connections": [_block(name="events", type="kafka", brokers=["127.0.0.1:9092"])]}


def _streaming(read: list[Data]) -> Data:
    return _block(
        source=_block(connection="events", topic="events"),
        sink=_block(topic="scores"),
        features=read,
    )


def _block(**fields: Data) -> Data:
    return dict(fields)
