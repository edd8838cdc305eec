"""Every finding of `source`: one function a code, named like it, whose docstring is the rule's manual page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servespec.source.messages.characters import (
        carriage_return,
        control_character,
        line_separator,
        not_utf8,
        too_large,
        utf16_text,
    )
    from servespec.source.messages.features import (
        template_expression,
        yaml_alias,
        yaml_anchor,
        yaml_directive,
        yaml_merge_key,
        yaml_tag,
    )
    from servespec.source.messages.quoting import (
        bad_escape,
        colon_in_value,
        reserved_character,
        text_after_value,
        unclosed_quote,
    )
    from servespec.source.messages.structure import (
        collection_as_key,
        duplicate_key,
        empty_spec,
        key_not_text,
        not_a_mapping,
        number_out_of_range,
        several_documents,
        too_deep,
        too_many_problems,
        too_many_values,
    )
    from servespec.source.messages.syntax import (
        list_beside_key,
        merge_conflict,
        missing_colon,
        missing_comma,
        missing_space,
        tab_indentation,
        unclosed_bracket,
        wrong_indentation,
        yaml_syntax,
    )

__all__ = [
    "bad_escape",
    "carriage_return",
    "collection_as_key",
    "colon_in_value",
    "control_character",
    "duplicate_key",
    "empty_spec",
    "key_not_text",
    "line_separator",
    "list_beside_key",
    "merge_conflict",
    "missing_colon",
    "missing_comma",
    "missing_space",
    "not_a_mapping",
    "not_utf8",
    "number_out_of_range",
    "reserved_character",
    "several_documents",
    "tab_indentation",
    "template_expression",
    "text_after_value",
    "too_deep",
    "too_large",
    "too_many_problems",
    "too_many_values",
    "unclosed_bracket",
    "unclosed_quote",
    "utf16_text",
    "wrong_indentation",
    "yaml_alias",
    "yaml_anchor",
    "yaml_directive",
    "yaml_merge_key",
    "yaml_syntax",
    "yaml_tag",
]

_FILES = ("characters", "features", "quoting", "structure", "syntax")


def __getattr__(name: str) -> Any:
    """Start-up: the function of that name is loaded when there is something to say."""
    files = (import_module(f"{__name__}.{file}") for file in _FILES) if name in __all__ else ()
    found = next((file for file in files if hasattr(file, name)), None)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(found, name)
