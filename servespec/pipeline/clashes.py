"""What two specs of one run can't both have, told at both places."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from servespec.claims import Clash
from servespec.diagnostics.types import Diagnostic, Findings, Label, Report, error, warning
from servespec.spans import Document, Text


def output_clash(clash: Clash) -> Diagnostic:
    """Two specs are built into the same folder: the name of a spec is that of its folder in the output.

    Bad:
    ```yaml
    # a/serving.yaml and b/serving.yaml, built with -o deploy
    name: fraud-detector
    ```
    Good:
    ```yaml
    # b/serving.yaml
    name: fraud-detector-eu
    ```
    """
    return error(
        "output-clash",
        f"two specs are built into {clash.second.what}",
        *_labels(clash, "this one as well", "this one"),
        help="give one of them another `name`, or an output folder of its own with -o",
    )


def object_clash(clash: Clash) -> Diagnostic:
    """Two specs make the same object in one namespace of a cluster: whichever is applied last replaces the other's.

    Specs are compared within an environment, and for a cluster that they both name, or both do not.

    Bad:
    ```yaml
    # a/serving.yaml and b/serving.yaml
    name: fraud-detector
    targets: {kubernetes: {namespace: ml}}
    ```
    Good:
    ```yaml
    # b/serving.yaml
    name: fraud-detector
    targets: {kubernetes: {namespace: ml-eu}}
    ```
    """
    return error(
        "object-clash",
        f"two specs make the {clash.second.what}",
        *_labels(clash, "made here too", "made here"),
        help="give one of them another name or another namespace",
    )


def dag_clash(clash: Clash) -> Diagnostic:
    """Two specs make a DAG of the same id: Airflow shows one of them, and which one is left to chance.

    Bad:
    ```yaml
    # a/serving.yaml and b/serving.yaml
    batch: {dag: {id: nightly-scores}}
    ```
    Good:
    ```yaml
    # b/serving.yaml
    batch: {dag: {id: nightly-scores-eu}}
    ```
    """
    return error(
        "dag-clash",
        f"two specs make the {clash.second.what}",
        *_labels(clash, "made here too", "made here"),
        help="give one of them another `batch.dag.id`",
    )


def group_clash(clash: Clash) -> Diagnostic:
    """Two specs read one topic as the same consumer group: the events are shared out between them, and each scores only
    a part. In NATS the same holds for the consumer of a stream.

    Bad:
    ```yaml
    # a/serving.yaml and b/serving.yaml
    streaming: {source: {connection: events, topic: payments, group: scoring}, sink: {topic: scores}}
    ```
    Good:
    ```yaml
    # b/serving.yaml
    streaming: {source: {connection: events, topic: payments, group: scoring-eu}, sink: {topic: scores-eu}}
    ```
    """
    return error(
        "group-clash",
        f"two specs are the {clash.second.what}",
        *_labels(clash, "this one as well", "this one"),
        help="give one of them another `streaming.source.group`",
    )


def host_port_clash(clash: Clash) -> Diagnostic:
    """Two specs chose the same port, which their compose files publish: on one machine only one of them can run.

    Ports that nobody chose are left out: with their defaults, services are meant to run one at a time. Where the two
    run on different machines, accept it in `suppress` of one.

    Bad:
    ```yaml
    # a/serving.yaml and b/serving.yaml
    runtime: {protocols: {rest: 9000}}
    ```
    Good:
    ```yaml
    # b/serving.yaml
    runtime: {protocols: {rest: 9001}}
    ```
    """
    return warning(
        "host-port-clash",
        f"two specs take {clash.second.what}",
        *_labels(clash, "taken here too", "taken here"),
        help="give one of them another port",
    )


def image_clash(clash: Clash) -> Diagnostic:
    """Two specs push their images into one repository.

    Tags tell what is in an image, so none overwrites the other; but what is kept, scanned or deleted there is told by
    the repository, and nobody sees any more whose image is whose.

    Bad:
    ```yaml
    # a/serving.yaml and b/serving.yaml
    image: {repository: registry.example.com/ml/model}
    ```
    Good:
    ```yaml
    # b/serving.yaml
    image: {repository: registry.example.com/ml/churn}
    ```
    """
    return warning(
        "image-clash",
        f"two specs build the {clash.second.what}",
        *_labels(clash, "built here too", "built here"),
        help="give one of them another `image.repository`",
    )


_MESSAGES: Mapping[str, Callable[[Clash], Diagnostic]] = {
    "output-clash": output_clash,
    "object-clash": object_clash,
    "dag-clash": dag_clash,
    "group-clash": group_clash,
    "host-port-clash": host_port_clash,
    "image-clash": image_clash,
}


def told(clash: Clash, texts: Mapping[str, Text]) -> Findings:
    """The finding about a clash, with the texts of both files."""
    document = Document(clash.second.place.path, None, {}, texts)
    return Findings(document, Report((_MESSAGES[clash.second.rule](clash),)))


def _labels(clash: Clash, here: str, there: str) -> tuple[Label, Label]:
    return Label(clash.second.place, here), Label(clash.first.place, there)
