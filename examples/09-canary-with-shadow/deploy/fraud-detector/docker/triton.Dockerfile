FROM nvcr.io/nvidia/tritonserver:26.07-py3
COPY --chmod=0644 ["deploy/fraud-detector/triton/triton/healthcheck.sh", "/srv/triton/"]
COPY --chmod=0644 ["deploy/fraud-detector/triton/triton/models/fraud-detector/config.pbtxt", "/srv/triton/models/fraud-detector/"]
COPY --chmod=0644 ["models/1.onnx", "/srv/triton/models/fraud-detector/1/"]
RUN ["/bin/sh", "-c", "test \"$(sha256sum <\"$1\")\" = \"$0  -\" || { echo \"$1 is not the file that model.digest names\" >&2; exit 1; }", "8aac293ebf0cb74e08d75432fa9175903db1363ef4e1a49daec00cf62514ef6b", "/srv/triton/models/fraud-detector/1/1.onnx"]

ENV HOME="/run/triton"
ENV TMPDIR="/run/triton"
LABEL org.opencontainers.image.title="fraud-detector"
LABEL org.opencontainers.image.version="2.1.0"
LABEL org.opencontainers.image.description="Scores card payments for fraud; a new model is tried on a few of them, and another server on copies."
LABEL org.opencontainers.image.vendor="risk-ml"
LABEL org.opencontainers.image.base.name="nvcr.io/nvidia/tritonserver:26.07-py3"
WORKDIR "/srv/triton"
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8000/tcp
EXPOSE 8001/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["/bin/bash", "/srv/triton/healthcheck.sh", "/v2/models/fraud-detector/ready", "8000", "5"]
ENTRYPOINT ["/opt/tritonserver/bin/tritonserver", "--model-repository=/srv/triton/models", "--http-port=8000", "--grpc-port=8001", "--metrics-port=8002", "--exit-timeout-secs=30", "--model-control-mode=none", "--disable-auto-complete-config", "--exit-on-error=true", "--strict-readiness=true", "--log-format=ISO8601"]
