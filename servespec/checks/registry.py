"""The rules, in one tuple: adding a rule is its module and one line here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from servespec.checks import (
    ambiguous_weights,
    archive_clash,
    delay_over_latency,
    duplicate_name,
    example_does_not_fit,
    framework_mismatch,
    framework_not_installed,
    handler_class,
    handler_needed,
    impossible_quantity,
    invalid_date,
    invalid_digest,
    invalid_env_name,
    invalid_image_path,
    invalid_index_url,
    invalid_label,
    invalid_name,
    invalid_package,
    invalid_secret_name,
    invalid_signature,
    invalid_version,
    keras_file,
    lfs_pointer,
    memory_too_small,
    missing_file,
    missing_weights,
    model_requirement,
    model_stage,
    moving_model,
    no_mlmodel,
    no_model_code,
    no_registry,
    opt_out_without_reason,
    path_outside_project,
    port_clash,
    privileged_port,
    python_syntax,
    request_over_limit,
    requirement_clash,
    reserved_setting,
    runtime_end_of_life,
    secret_clash,
    secret_literal,
    several_index_secrets,
    unarchivable_path,
    unbuilt_override,
    undeclared_secret,
    unfit_framework,
    unfit_micro_batch,
    unfit_model_code,
    unfit_model_version,
    unfit_protocol,
    unfit_server,
    unimportable_file,
    unknown_output,
    unknown_platform,
    unknown_server_version,
    unpinned_image,
    unpinned_requirement,
    unreadable_file,
    unsupported_python,
    unsupported_uri,
    unsuppressible_rule,
    unusable_requirement,
    unwritable_text,
    wrong_kind_of_file,
    zero_duration,
)
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Severity
from servespec.facts import Facts


class Rule(Protocol):
    """What every module of a rule has. Its docstring is the rule's manual page."""

    CODE: str
    SEVERITY: Severity

    def check(self, deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
        """The findings of the rule."""


RULES: tuple[Rule, ...] = (
    ambiguous_weights,
    archive_clash,
    delay_over_latency,
    duplicate_name,
    example_does_not_fit,
    framework_mismatch,
    framework_not_installed,
    handler_class,
    handler_needed,
    impossible_quantity,
    invalid_date,
    invalid_digest,
    invalid_env_name,
    invalid_image_path,
    invalid_index_url,
    invalid_label,
    invalid_name,
    invalid_package,
    invalid_secret_name,
    invalid_signature,
    invalid_version,
    keras_file,
    lfs_pointer,
    memory_too_small,
    missing_file,
    missing_weights,
    model_requirement,
    model_stage,
    moving_model,
    no_mlmodel,
    no_model_code,
    no_registry,
    opt_out_without_reason,
    path_outside_project,
    port_clash,
    privileged_port,
    python_syntax,
    request_over_limit,
    requirement_clash,
    reserved_setting,
    runtime_end_of_life,
    secret_clash,
    secret_literal,
    several_index_secrets,
    unarchivable_path,
    unbuilt_override,
    undeclared_secret,
    unfit_framework,
    unfit_micro_batch,
    unfit_model_code,
    unfit_model_version,
    unfit_protocol,
    unfit_server,
    unimportable_file,
    unknown_output,
    unknown_platform,
    unknown_server_version,
    unpinned_image,
    unpinned_requirement,
    unreadable_file,
    unsupported_python,
    unsupported_uri,
    unsuppressible_rule,
    unusable_requirement,
    unwritable_text,
    wrong_kind_of_file,
    zero_duration,
)

CHECKS = tuple(rule.check for rule in RULES)


def severities() -> dict[str, Severity]:
    """The severity of each rule, by code."""
    return {rule.CODE: rule.SEVERITY for rule in RULES}
