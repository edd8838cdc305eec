#!/usr/bin/env bash
# Lays a real tritonserver out from the wheel of nvidia-pytriton, and makes the environment of its Python backend.
#
#   triton.sh DIRECTORY     prints the line that starts the server: DIRECTORY/tritonserver --model-repository=...
#
# Needs Python 3.11 (the wheel's stubs are built for one version of Python each) and glibc 2.35 or newer.
set -euo pipefail

root=$(realpath -m -- "${1:?usage: triton.sh DIRECTORY}")
python=${PYTHON:-python3.11}
pytriton=0.7.0
sha256=${TRITON_SHA256:-21f063ff93bb426d0c06b7a55e7eb9efcfe62c0dddd9a908e9877e18710128df}

if [ ! -e "$root/.complete" ]; then
  rm -rf -- "$root"
  mkdir -p "$root/wheel"
  "$python" -m pip download --quiet --no-deps --only-binary :all: --dest "$root/wheel" "nvidia-pytriton==$pytriton"
  wheel=$(echo "$root"/wheel/nvidia_pytriton-*.whl)
  echo "$sha256  $wheel" | sha256sum --check --quiet
  "$python" -m zipfile -e "$wheel" "$root/unpacked"
  rm -r "$root/wheel"

  server=$root/unpacked/pytriton/tritonserver
  minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  chmod +x "$server/bin/tritonserver"
  install -m 0755 "$server/python_backend_stubs/$minor/triton_python_backend_stub" "$server/backends/python/"

  "$python" -m venv "$root/venv"
  # numpy 2 makes every answer of this Python backend fail: "output tensor shape does not match size of output".
  "$root/venv/bin/pip" install --quiet 'numpy==1.26.4' 'onnxruntime==1.20.1' 'tritonclient[grpc,http]==2.51.0'

  # The stub is isolated: it reads neither PYTHONPATH nor PYTHONHOME, but finds its packages by the first python3 on PATH.
  libraries=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))')
  cat > "$root/tritonserver" <<EOF
#!/usr/bin/env bash
export LD_LIBRARY_PATH='$libraries' PATH='$root/venv/bin':"\$PATH"
exec '$server/bin/tritonserver' --backend-directory='$server/backends' --cache-directory='$server/caches' "\$@"
EOF
  chmod +x "$root/tritonserver"
  touch "$root/.complete"
fi
echo "$root/tritonserver"
