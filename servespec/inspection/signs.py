"""By which first bytes model files are known: apart from their readers, so that only the one at hand is loaded."""

from __future__ import annotations

ZIP = b"PK\x03\x04"
LFS = b"version https://git-lfs.github.com/spec/"
TORCH_LEGACY = bytes.fromhex("8002 8a0a 6cfc9c46f920 6aa85019 2e".replace(" ", ""))
"""A pickle of the number 0x1950a86a20f9469cfc6c, with which `torch.save` began before 1.6."""
_LIGHTGBM = b"tree\n"
_LENGTH = 8
_COMPRESSIONS = {
    **dict.fromkeys((b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), "zlib"),
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ": "xz",
    b"\x5d\x00\x00": "lzma",
}


def is_ubjson(head: bytes) -> bool:
    """Whether a file begins like a UBJSON object with a name in it; JSON has a quote or a blank there."""
    return head[:1] == b"{" and head[1:2] in (b"L", b"l", b"I", b"i", b"U", b"$", b"#")


def is_lightgbm(head: bytes) -> bool:
    """Whether a file begins as LightGBM's models do."""
    return head.startswith(_LIGHTGBM)


def is_safetensors(head: bytes, size: int) -> bool:
    """Whether a file begins with the length of a header that fits into it, and the header."""
    return head[_LENGTH : _LENGTH + 1] == b"{" and int.from_bytes(head[:_LENGTH], "little") + _LENGTH <= size


def is_pickle(head: bytes) -> bool:
    """Whether a file begins as pickles of protocol 2 and later do; older ones have no sign."""
    return head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")


def compression(head: bytes) -> str | None:
    """The name of the compression that a file is written in."""
    return next((name for magic, name in _COMPRESSIONS.items() if head.startswith(magic)), None)
