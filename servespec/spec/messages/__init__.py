"""What `decode` can say: one function a code, whose docstring is the code's manual page."""

from __future__ import annotations

from servespec.spec.messages.bounds import empty_list, empty_text, long_list, out_of_range
from servespec.spec.messages.kinds import not_indented, other_truth, quoted_value, unquoted_text, wrong_type
from servespec.spec.messages.names import api_version, missing_field, unknown_field, unknown_target, unknown_value

__all__ = [
    "api_version",
    "empty_list",
    "empty_text",
    "long_list",
    "missing_field",
    "not_indented",
    "other_truth",
    "out_of_range",
    "quoted_value",
    "unknown_field",
    "unknown_target",
    "unknown_value",
    "unquoted_text",
    "wrong_type",
]
