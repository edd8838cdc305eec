"""Texts that mean something in a language that is emitted: each has to come back as the text it is, or be refused."""

from __future__ import annotations

PAYLOADS: tuple[str, ...] = (
    # quotes and backslashes
    "'", '"', "''", '""', "'\"'\"'", 'a"b', "a'b", "\\", "a\\", "\\\\", "\\'", '\\"', "a\\nb", "\\u0041", "\\x41", "`", '"""', "'''", 'x"; import os; "', "x'; touch /tmp/x; '",
    # shells
    "$(id)", "`id`", "${HOME}", "$HOME", "$$", "$$X$$", "$(X)", "a;id", "a && id", "a | id", "a > /tmp/x", "~", "*", "?", "[a]", "{a,b}", "!x", "-x", "--help", "a b", " a", "a ", "a\tb",
    # templates
    "{{ x }}", "{{ 7*7 }}", "{% raw %}", "{# x #}", "{{ ds }}", "%(x)s", "%s", "%%", "{0}", "{interval}", "{", "}", "{}", "${{ github.token }}",
    # YAML
    "#", "a #b", "- a", "a: b", "? a", "&a", "*a", "!!python/object:os.system x", "!a", "|", ">", "@a", "%a", "---", "...", "<<", "=", "no", "y", "on", "null", "~a", "true", "1e3", "08", "0x10", "0o7", "12:30", "1_000", ".inf", ".nan", "2020-01-01", "+1", "1.10",
    # lines, and characters that readers fold, hide or forbid
    "a\nb", "a\r\nb", "\n", "a\nRUN id", "a\nimage: evil", "a\n\"\"\"\nimport os", "a\\\nb", "a\u2028b", "a\u0085b", "\u202eb", "\u200b", "\ufeffa", "a\x1b[31mb", "a\x00b", "a\x07b", "\U0001f600", "é", "e\u0301", "\ud800",
    # other readers
    "]]>", "</script>", "<!-- x", "-->", "a\n::error::x", "%0A", "key=value", "a,b", "a/../b", "../a", "/etc/passwd", "a//b", "C:\\x", "http://a/b?c=d&e#f", "@sha256:" + "0" * 64, "x" * 5000,
)  # fmt: skip
