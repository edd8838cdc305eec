"""The `image` block: the container image that servespec builds around the server."""

from __future__ import annotations

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many, Said


class Index(Node):
    """A package index that pip reads besides, or instead of, the default one."""

    url: Said = Field(examples=["https://pypi.example.com/simple"])
    """Its address, without credentials."""
    secret: str | None = Field(default=None, examples=["pip_netrc"])
    """A build secret of `image.buildSecrets` that holds a netrc file for it."""


class CopiedFile(Node):
    """A file or folder of the project that goes into the image."""

    source: Said = Field(examples=["./lookup"])
    """Path relative to the project folder."""
    target: Said = Field(examples=["/opt/model/lookup"])
    """Absolute path in the image."""


class Image(Node):
    """The container image: where it is kept, what it starts from, what is installed."""

    repository: Said | None = Field(default=None, examples=["registry.example.com/ml/fraud-detector"])
    """Where the image is kept, without a tag. Default: `name`."""
    base: Said | None = Field(default=None, examples=["python:3.11-slim-bookworm"])
    """The image it starts from; by digest is best. Must be Debian with Python. Default by `image.python`."""
    python: Said = Field(default="3.11", examples=["3.11"])
    """The version of Python in the image, a string."""
    requirements: Said | None = Field(default=None, examples=["requirements.txt"])
    """File of pinned Python requirements. With hashes they are enforced."""
    indexes: Many[Index] = ()
    """Package indexes; the first replaces the default one."""
    wheels: Said | None = Field(default=None, examples=["./wheels"])
    """Folder of wheels that pip looks into first. Handed to the build, never copied into the image."""
    systemPackages: Many[str] = Field(default=(), examples=[["libgomp1"]])
    """Debian packages to install."""
    env: dict[str, str] = Field(default={}, examples=[{"MALLOC_ARENA_MAX": "2"}])
    """Environment variables baked into the image."""
    files: Many[CopiedFile] = ()
    """More files for the image."""
    buildSecrets: Many[str] = Field(default=(), examples=[["pip_netrc"]])
    """Names of build secrets; their values never reach the image."""
    platforms: Many[str] = Field(default=(), examples=[["linux/amd64"]])
    """Platforms to build for. Default: that of the machine that builds."""
