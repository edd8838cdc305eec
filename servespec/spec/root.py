"""The whole of a serving.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from servespec.node import Node
from servespec.spec.common import Many, Said
from servespec.spec.image import Image
from servespec.spec.later import later
from servespec.spec.model import Model
from servespec.spec.operations import Probes, Resources, Security
from servespec.spec.runtime import Runtime

if TYPE_CHECKING:
    from servespec.spec.adjustments import Override, Suppress
    from servespec.spec.batch import Batch
    from servespec.spec.connections import Connection
    from servespec.spec.examples import Example
    from servespec.spec.network import Network
    from servespec.spec.operations import Secret
    from servespec.spec.optimize import Optimize
    from servespec.spec.placement import Identity, Placement
    from servespec.spec.scaling import Disruption, Scaling
    from servespec.spec.signature import Signature
    from servespec.spec.streaming import Streaming
    from servespec.spec.variants import Variant
else:  # start-up: what most specs say nothing about
    Override = later("adjustments", "Override")
    Suppress = later("adjustments", "Suppress")
    Batch = later("batch", "Batch")
    Connection = later("connections", "Connection")
    Example = later("examples", "Example")
    Network = later("network", "Network")
    Secret = later("operations", "Secret")
    Optimize = later("optimize", "Optimize")
    Identity = later("placement", "Identity")
    Placement = later("placement", "Placement")
    Disruption = later("scaling", "Disruption")
    Scaling = later("scaling", "Scaling")
    Signature = later("signature", "Signature")
    Streaming = later("streaming", "Streaming")
    Variant = later("variants", "Variant")

API_VERSION = "servespec/v1"
Pattern: TypeAlias = Literal["realtime", "batch", "streaming"]


class Spec(Node):
    """One service: a model, the way it is served, and what to compile that into."""

    apiVersion: Literal["servespec/v1"]
    """The version of this format."""
    name: Said = Field(examples=["fraud-detector"])
    """The service's name: lower-case letters, digits and `-`."""
    pattern: Pattern | Annotated[Many[Pattern], Field(min_length=1)]
    """How the model is served; a list for several ways to serve one model."""
    model: Model
    """What is served."""
    release: Said = Field(default="0.1.0", examples=["1.4.0"])
    """The version of the whole, a string. Part of the image tag."""
    description: str | None = Field(default=None, examples=["Scores card payments for fraud."])
    """One sentence on what the service does."""
    owner: Said | None = Field(default=None, examples=["risk-ml"])
    """The team that answers for it."""
    labels: dict[str, str] = Field(default={}, examples=[{"cost-center": "4711"}])
    """Labels for the running service; an image has none of them, so that environments can share it."""
    signature: Signature | None = None
    """What goes in and what comes out."""
    runtime: Runtime = Field(default=Runtime.model_construct(), examples=[{"workers": 2}])
    """The model server."""
    optimize: Optimize | None = None
    """The conversion of the model to ONNX, as a step of its own."""
    image: Image = Image.model_construct()
    """The container image."""
    resources: Resources = Resources.model_construct()
    """CPU, memory and accelerators."""
    platform: Said | None = Field(default=None, examples=["production"])
    """The cluster that it is for, by its name in the root file. Default: any, down to the oldest that is known of."""
    scaling: Scaling | None = None
    """How many copies run."""
    probes: Probes = Probes.model_construct()
    """Health checks."""
    security: Security = Security.model_construct()
    """Hardening."""
    identity: Identity | None = None
    """As whom it runs in a cluster."""
    placement: Placement | None = None
    """Where it runs in a cluster."""
    network: Network | None = None
    """Who may reach it, and what it may reach."""
    disruption: Disruption | None = None
    """How many copies may be missing."""
    connections: Annotated[Many[Connection], Field(max_length=100)] = ()
    """What is outside of the service and needed by it, by name."""
    secrets: Many[Secret] = ()
    """Secrets that must exist where the service runs."""
    batch: Batch | None = None
    """The scheduled job that scores files, for the pattern `batch`."""
    streaming: Streaming | None = None
    """The workers that score events as they come, for the pattern `streaming`."""
    variants: Annotated[Many[Variant], Field(max_length=100)] = ()
    """Several versions behind one address, for an A/B test, a canary or a shadow. Each is what the spec says, but for
    what it says itself."""
    examples: Many[Example] = ()
    """Requests with the answers they must get."""
    targets: dict[str, dict[str, JsonValue] | None] | None = Field(
        default=None, examples=[{"docker": {}, "compose": {}}]
    )
    """What to compile, with each target's options. Default by `pattern` and `runtime.server`."""
    environments: dict[str, dict[str, JsonValue] | None] | None = Field(
        default=None,
        examples=[{"staging": {"labels": {"stage": "staging"}}, "production": {"labels": {"stage": "production"}}}],
    )
    """What differs between environments, by their names: maps that lie over the whole spec, each built into a folder of
    its own. Maps merge by key, lists of named things by `name`, anything else replaces, and `null` deletes."""
    overrides: Many[Override] = ()
    """Changes of emitted files that no field expresses."""
    suppress: Many[Suppress] = ()
    """Warnings that are known and accepted."""
