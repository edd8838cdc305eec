"""Specs of streams, and what they compile to."""

from __future__ import annotations

from pathlib import Path

from tests.projects import analyse, made

_HEAD = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: {pattern}
model: {{format: onnx, uri: ./m.onnx}}
image: {{repository: registry.example.com/ml/fraud}}
"""
KAFKA = """\
connections: [{name: events, type: kafka, brokers: ["kafka-1:9093", "kafka-2:9093"]}]
streaming:
  source: {connection: events, topic: payments, partitions: 6}
  sink: {topic: scores}
  features: [amount, at.hour]
"""
SECURE = KAFKA.replace(
    '"kafka-2:9093"]', '"kafka-2:9093"], auth: {secret: kafka-user}, tls: {ca: {secret: kafka-ca, key: ca.pem}}'
)
MUTUAL = KAFKA.replace(
    '"kafka-2:9093"]',
    '"kafka-2:9093"], auth: {secret: pair, keys: {certificate: tls.crt, privateKey: tls.key}}, tls: {}',
)
NATS = """\
connections: [{name: edge, type: nats, brokers: ["nats.messaging:4222"], auth: {secret: edge-token}}]
streaming:
  source: {connection: edge, stream: SENSORS, subject: "sensors.>"}
  sink: {stream: SCORES, subject: scores}
  features: [temperature]
"""
LAG = "scaling: {autoscaling: {min: 0, max: 6, metric: lag, target: 50}}\n"


def compiled(folder: Path, blocks: str, *, pattern: str = "streaming") -> dict[str, str]:
    """The text of all that the blocks of a stream compile to, by target and path."""
    (folder / "m.onnx").write_bytes(b"x")
    analysis = analyse(folder, _HEAD.format(pattern=pattern) + blocks)
    assert analysis.ok, [item.headline for item in analysis.report.diagnostics]
    return made(analysis)
