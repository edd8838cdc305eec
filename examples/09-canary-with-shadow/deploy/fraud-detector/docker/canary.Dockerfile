# A stage of its own: neither its tools nor its sources stay in the image.
FROM python:3.11-slim-bookworm AS model
COPY ["models/2.onnx", "/src/model/"]
RUN ["/bin/sh", "-c", "test \"$(sha256sum <\"$1\")\" = \"$0  -\" || { echo \"$1 is not the file that model.digest names\" >&2; exit 1; }", "28e393d206cdf6ff2b757ff7300af464fcb0f448950d658c826fb15bee099f83", "/src/model/2.onnx"]
RUN ["chmod", "-R", "a+rX,go-w", "/src/model/"]

FROM python:3.11-slim-bookworm
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/fraud-detector/onnxruntime/canary/requirements.txt", "/opt/requirements/onnxruntime.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --requirement=/opt/requirements/onnxruntime.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/fraud-detector/onnxruntime/canary/settings.json", "deploy/fraud-detector/onnxruntime/canary/model-settings.json", "deploy/fraud-detector/onnxruntime/canary/serve.py", "deploy/fraud-detector/onnxruntime/canary/healthcheck.py", "deploy/fraud-detector/onnxruntime/canary/onnx_runtime.py", "/srv/onnxruntime/"]
COPY --from=model ["/src/model/", "/srv/onnxruntime/model/"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV HOME="/run/onnxruntime"
ENV TMPDIR="/run/onnxruntime"
ENV MLSERVER_HOST="0.0.0.0"
ENV ORT_DISABLE_TELEMETRY="1"
LABEL org.opencontainers.image.title="fraud-detector"
LABEL org.opencontainers.image.version="2.1.0"
LABEL org.opencontainers.image.description="Scores card payments for fraud; a new model is tried on a few of them, and another server on copies."
LABEL org.opencontainers.image.vendor="risk-ml"
LABEL org.opencontainers.image.base.name="python:3.11-slim-bookworm"
WORKDIR "/srv/onnxruntime"
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8080/tcp
EXPOSE 8081/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["python", "-I", "/srv/onnxruntime/healthcheck.py"]
ENTRYPOINT ["python", "-I", "/srv/onnxruntime/serve.py"]
