"""The emitted Dockerfile, built by a real engine."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

pytestmark = pytest.mark.e2e


def _in_image(service: Any, script: str, *, user: str = "0:0") -> str:
    image = service.described["image"]
    run = f"docker run --rm --user={user} --network=none --entrypoint=/bin/sh {image} -c"
    return str(service.shell.output(f"{run} '{script}'"))


def test_the_image_is_what_the_compose_file_names(built: Any) -> None:
    """The tag that the build command gives is the compose file's, and user, ports, probe and signal are set."""
    (image,) = json.loads(built.shell.output(f"docker image inspect {built.described['image']}"))
    config = image["Config"]
    assert config["User"] == built.described["user"] == "10001:10001"
    assert set(config["ExposedPorts"]) == {f"{built.client.rest}/tcp", f"{built.client.grpc}/tcp"}
    assert config["Healthcheck"]["Test"] == built.described["healthcheck"]["test"]
    assert config["Entrypoint"][-1] == "/srv/torchserve/entrypoint.py"
    assert (config["StopSignal"], config["Cmd"]) == ("SIGTERM", None)
    assert config["Labels"]["org.opencontainers.image.version"] == built.project.spec["release"]


def test_a_second_build_does_nothing(built: Any) -> None:
    """Every step comes from the cache, and the image is the same one."""
    image = built.described["image"]
    build = built.command("docker build").replace(f"--tag={image}", f"--tag={image}-again --progress=plain")
    ask = f"docker image inspect --format '{{{{.Id}}}}' {image}-again"
    built.shell.run(build)
    before = built.shell.output(ask)
    done = built.shell.run(build)
    steps = re.findall(r"^#(\d+) \[.*\] (?:RUN|COPY|WORKDIR) ", done.stderr, re.MULTILINE)
    cached = re.findall(r"^#(\d+) CACHED$", done.stderr, re.MULTILINE)
    assert len(set(steps)) > 5
    assert set(steps) <= set(cached)
    assert built.shell.output(ask) == before
    built.shell.run(f"docker image rm {image}-again")


def test_nothing_stays_behind(built: Any) -> None:
    """No package cache, wheel, credential, archiver or source is in the image, nor in how it came to be."""
    names = ("*.whl", ".netrc", ".git-credentials", "torch-model-archiver*", "fraud_detector.pt")
    wanted = " -o ".join(f'-name "{name}"' for name in names)
    found = _in_image(built, f'find / -xdev -type f "(" {wanted} -o -path "*/.cache/*" ")"').split()
    # Debian's own, by which `python -m venv` makes environments.
    assert not [path for path in found if not path.startswith("/usr/share/python-wheels/")]
    assert _in_image(built, "ls -d /src /opt/tool /model-store 2>/dev/null || true") == ""
    assert _in_image(built, "find /var/lib/apt/lists /var/cache/apt /mnt /tmp -type f") == ""
    history = built.shell.output(f"docker history --no-trunc {built.described['image']}")
    assert not re.search(r"(?i)password|secret|token|://[^/\s]+@", history)


def test_only_root_can_change_the_files(built: Any) -> None:
    """What the server runs belongs to root, and its user can write to none of it."""
    assert _in_image(built, "find /srv /opt ! -type l -writable", user="10001:10001") == ""
    assert _in_image(built, "find /srv /opt/venv ! -readable", user="10001:10001") == ""
    assert _in_image(built, "ls /srv/torchserve /srv/torchserve/model-store").split() == [
        "/srv/torchserve:",
        *("config.properties", "entrypoint.py", "healthcheck.py", "log4j2.properties", "model-store"),
        "/srv/torchserve/model-store:",
        "fraud-detector-1.0.mar",
    ]
