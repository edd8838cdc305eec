"""References of container images: `[registry/]repository[:tag][@sha256:digest]`.

Grammar: https://pkg.go.dev/github.com/distribution/reference (read 2026-11).
"""

from __future__ import annotations

import re

from servespec.records import dataclass

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
_FORM = re.compile(
    rf"(?P<repository>(?:{_HOST}(?::[0-9]+)?/)?{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)
_LONGEST = 400
_OTHERS = ("alpine", "busybox", "centos", "fedora", "rockylinux", "almalinux", "amazonlinux", "ubi8", "ubi9")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """A parsed reference; whatever holds one can be printed without quoting."""

    repository: str
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> ImageReference | None:
        """The reference that `text` says, or None."""
        match = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None:
            return None
        return cls(match["repository"], match["tag"], match["digest"])

    @classmethod
    def of(cls, text: str) -> ImageReference:
        """The reference that a text of ours says."""
        found = cls.parse(text)
        assert found is not None, f"{text!r} is no image"
        return found

    @property
    def pinned(self) -> bool:
        """Whether it names a version: a digest, or a tag that is not a moving one."""
        return self.digest is not None or self.tag not in (None, "latest")

    @property
    def tells_no_debian(self) -> bool:
        """Whether it says by its name that it is another system than the Debian of our Dockerfiles."""
        *path, name = self.repository.split("/")
        return "distroless" in path or any(word in f"{name}:{self.tag or ''}" for word in _OTHERS)

    @property
    def is_bare(self) -> bool:
        """Whether the name has one part only: what is built under it stays on its machine, for nobody can push it."""
        return "/" not in self.repository

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return self.repository + tag + (f"@{self.digest}" if self.digest else "")


def names_registry(repository: str) -> bool:
    """Whether a repository's name says in which registry it is: its first part has a dot or a port then."""
    registry, slash, _ = repository.partition("/")  # https://github.com/distribution/reference (read 2026-11)
    return bool(slash) and ("." in registry or ":" in registry)
