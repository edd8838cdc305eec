FROM python:3.11.9-slim-bookworm
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && mkdir -p /usr/share/man/man1 \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends openjdk-17-jre-headless libgomp1
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/fraud-detector/torchserve/steady/requirements.txt", "/opt/requirements/torchserve.txt"]
COPY ["requirements.txt", "/opt/requirements/project.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=wheels,target=/mnt/wheels \
    --mount=type=secret,id=pip_netrc,target=/root/.netrc,required=true \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --find-links=/mnt/wheels --index-url=https://pypi.example.com/simple --extra-index-url=https://wheels.example.com/cpu --require-hashes --requirement=/opt/requirements/project.txt \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --find-links=/mnt/wheels --index-url=https://pypi.example.com/simple --extra-index-url=https://wheels.example.com/cpu --requirement=/opt/requirements/torchserve.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/fraud-detector/torchserve/steady/config.properties", "deploy/fraud-detector/torchserve/steady/log4j2.properties", "deploy/fraud-detector/torchserve/steady/entrypoint.py", "deploy/fraud-detector/torchserve/steady/healthcheck.py", "/srv/torchserve/"]
COPY --chmod=0644 ["deploy/fraud-detector/torchserve/steady/model-store/fraud_detector-2.1.mar", "/srv/torchserve/model-store/"]
COPY --chmod=0755 ["lookup", "/opt/lookup"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV TEMP="/run/torchserve"
ENV TMPDIR="/run/torchserve"
ENV HOME="/run/torchserve"
ENV PYTHONDONTWRITEBYTECODE="1"
ENV PYTHONUNBUFFERED="1"
ENV TS_INFERENCE_ADDRESS="http://0.0.0.0:8085"
ENV TS_GRPC_INFERENCE_ADDRESS="0.0.0.0"
ENV NVIDIA_DRIVER_CAPABILITIES="compute,utility"
ENV MALLOC_ARENA_MAX="4"
ENV NOTE="a \"quoted\" \$value"
LABEL org.opencontainers.image.title="fraud-detector"
LABEL org.opencontainers.image.version="1.4.0"
LABEL org.opencontainers.image.description="Scores card payments: \"fraud\" or not, \$5 and up."
LABEL org.opencontainers.image.vendor="risk-ml"
LABEL org.opencontainers.image.base.name="python:3.11.9-slim-bookworm"
WORKDIR "/srv/torchserve"
# A number, so that Kubernetes can tell that it is not root.
USER 20001:20002
EXPOSE 8085/tcp
EXPOSE 7075/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=120s --retries=4 CMD ["python", "-I", "/srv/torchserve/healthcheck.py"]
ENTRYPOINT ["python", "-I", "/srv/torchserve/entrypoint.py"]
