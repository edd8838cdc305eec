"""The rules, in one table: adding a rule is its module and one line here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from operator import attrgetter
from typing import Protocol, cast

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Severity
from servespec.facts import Facts
from servespec.on_demand import OnDemand


class Rule(Protocol):
    """A rule's module."""

    CODE: str
    SEVERITY: Severity

    def check(self, deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
        """What is wrong."""


_ABOUT = {
    "ambiguous_weights": "",
    "anonymous_output": "batch",
    "archive_clash": "",
    "autoscaling_bounds": "scaling.autoscaling streaming",
    "autoscaling_target": "scaling.autoscaling",
    "delay_over_latency": "",
    "disruption_of_all": "disruption.max_unavailable",
    "duplicate_name": "",
    "empty_range": "batch",
    "example_does_not_fit": "examples",
    "expose_without_callers": "network.expose",
    "exposed_twice": "network.expose",
    "exposed_without_authorization": "network.expose",
    "exposed_without_tls": "network.expose",
    "framework_mismatch": "model.framework",
    "framework_not_installed": "",
    "handler_class": "runtime.server=torchserve",
    "handler_needed": "runtime.server=torchserve",
    "idle_replicas": "streaming",
    "impossible_quantity": "",
    "invalid_address": "network.expose",
    "invalid_annotation": "identity.annotations",
    "invalid_avro_schema": "streaming",
    "invalid_dag": "batch",
    "invalid_date": "suppress",
    "invalid_digest": "model.digest",
    "invalid_disruption": "disruption.max_unavailable",
    "invalid_endpoint": "connections",
    "invalid_env_name": "runtime.env image.env batch streaming",
    "invalid_image_path": "image.files",
    "invalid_index_url": "image.indexes",
    "invalid_label": "",
    "invalid_name": "",
    "invalid_object_name": "",
    "invalid_package": "image.system_packages",
    "invalid_peer": "network.callers network.egress",
    "invalid_secret_name": "",
    "invalid_signature": "signature",
    "invalid_toleration": "placement.tolerations",
    "invalid_topic": "streaming",
    "invalid_version": "",
    "keras_file": "model.format=tensorflow",
    "lfs_pointer": "",
    "local_image": "",
    "lost_rows": "batch",
    "memory_too_small": "",
    "missing_file": "",
    "missing_weights": "",
    "model_hazard": "",
    "model_requirement": "model.format=mlflow",
    "model_stage": "model.format=mlflow",
    "moving_model": "model.format=mlflow",
    "newer_onnx": "runtime.server=onnxruntime",
    "no_json_form": "signature",
    "no_mlmodel": "model.format=mlflow",
    "no_model_code": "",
    "no_registry": "model.format=mlflow",
    "nothing_appended": "batch streaming",
    "nothing_to_quantize": "optimize",
    "nothing_to_serve": "",
    "opt_out_without_reason": "",
    "overwritten_output": "batch",
    "password_without_tls": "connections",
    "path_outside_project": "",
    "path_overlap": "batch",
    "pattern_block": "",
    "pending_below_batch": "streaming",
    "port_clash": "",
    "privileged_port": "",
    "python_syntax": "",
    "renamed_columns": "batch",
    "request_over_limit": "",
    "requirement_clash": "image.requirements",
    "reserved_setting": "runtime.config runtime.env image.env labels",
    "runtime_end_of_life": "",
    "same_topic": "streaming",
    "same_variants": "variants",
    "saved_by_another_version": "",
    "scaling_twice": "scaling.autoscaling streaming",
    "secret_clash": "",
    "secret_literal": "",
    "several_index_secrets": "image.indexes",
    "shared_memory_over_limit": "placement.shared_memory",
    "shipped_framework": "model.framework",
    "signature_mismatch": "signature",
    "timeout_below_request": "",
    "unarchivable_path": "",
    "unbuilt_override": "overrides",
    "unconvertible_format": "optimize",
    "unconvertible_input": "optimize",
    "undeclared_secret": "runtime.env batch streaming image.indexes",
    "unexposed_pattern": "",
    "unfit_accelerator": "resources.accelerator",
    "unfit_columns": "batch",
    "unfit_connection": "connections",
    "unfit_credentials": "",
    "unfit_data_uri": "batch",
    "unfit_duration": "streaming",
    "unfit_event_format": "streaming",
    "unfit_features": "streaming",
    "unfit_framework": "model.framework",
    "unfit_label": "",
    "unfit_metric": "scaling.autoscaling streaming",
    "unfit_micro_batch": "model.format=onnx",
    "unfit_model_code": "runtime.server=torchserve",
    "unfit_model_file": "",
    "unfit_model_version": "",
    "unfit_opset": "optimize",
    "unfit_protocol": "",
    "unfit_scoring": "streaming",
    "unfit_server": "",
    "unimportable_file": "",
    "unknown_connection": "",
    "unknown_output": "signature",
    "unknown_platform": "image.platforms",
    "unknown_server_version": "",
    "unknown_signature": "model.format=tensorflow",
    "unknown_time_zone": "batch",
    "unpinned_image": "",
    "unpinned_requirement": "",
    "unplaced_events": "streaming",
    "unproven_delivery": "streaming",
    "unreachable_data": "batch",
    "unreadable_file": "",
    "unrequested_metric": "scaling.autoscaling streaming",
    "unroutable_grpc": "network.expose",
    "unsaid_framework": "",
    "unserved_block": "",
    "unshipped_server": "",
    "unsigned_conversion": "optimize",
    "unsupported_python": "",
    "unsupported_uri": "",
    "unsuppressible_rule": "suppress",
    "unusable_requirement": "image.requirements",
    "unused_connection": "connections",
    "unwritable_text": "",
    "variant_address": "variants",
    "variant_signature": "variants",
    "variant_token": "variants",
    "variant_weights": "variants",
    "variants_without_gateway": "variants",
    "wrong_kind_of_file": "",
    "zero_duration": "",
}
"""The modules of this folder that are rules, each with the parts of a deployment without which, or without whose value,
it has nothing to look at. Start-up: such a rule is not loaded then."""


def _load(name: str) -> Rule:
    return cast("Rule", import_module(f"servespec.checks.{name}"))


RULES = OnDemand(tuple(_ABOUT), _load)
"""Every rule, by the name of its module."""

FROM_TARGETS = ("commercial-licence", "idle-option", "unmaintained-protocol")
"""Warnings that targets give because of their options, of which no rule here knows."""

FROM_RESOLVING = ("no-targets", "unfit-base")
"""Warnings about what resolving alone knows: what a spec says itself, where a deployment has a value in any case."""

FROM_SEVERAL = ("host-port-clash", "image-clash")
"""Warnings about two specs, of which a rule that looks at one can't know."""

OF_THE_WHOLE = ("unused_connection",)
"""Rules that no variant can be asked alone: what it has no use for, another one may have."""


FROM_ELSEWHERE = (
    *("framework-mismatch", "lfs-pointer", "missing-weights", "model-hazard", "model-requirement", "moving-model"),
    *("renamed-columns", "same-variants", "saved-by-another-version", "unpinned-requirement", *FROM_SEVERAL),
)
"""Warnings that hang on more than the spec: on the project's files, which a checkout may lack, on what a lock says now,
or on other specs. That one is not given here does not mean that nobody is given it."""


def rules_about(deployment: Deployment, *, whole: bool = True) -> Iterator[Rule]:
    """The rules that can find something in a deployment, which is that of a spec, or of one of its variants."""
    said = {"": True}  # many rules are about the same parts
    for name, about in _ABOUT.items():
        if about not in said:
            said[about] = any(_says(deployment, part) for part in about.split())
        if said[about] and (whole or name not in OF_THE_WHOLE):
            yield RULES[name]


def _says(deployment: Deployment, part: str) -> bool:
    name, _, wanted = part.partition("=")
    value: object = attrgetter(name)(deployment)
    return value == wanted if wanted else value is not None and value != () and value != {}


def severities() -> dict[str, Severity]:
    """The severity of each rule that may be named in `suppress`, by code."""
    found = {rule.CODE: rule.SEVERITY for rule in RULES.values()}
    return {**found, **dict.fromkeys((*FROM_TARGETS, *FROM_RESOLVING, *FROM_SEVERAL), Severity.WARNING)}
