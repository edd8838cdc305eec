FROM python:3.11.9-slim-bookworm
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && mkdir -p /usr/share/man/man1 \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libgomp1
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/fraud-detector/streaming/requirements.txt", "/opt/requirements/streaming.txt"]
COPY ["requirements.txt", "/opt/requirements/project.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=wheels,target=/mnt/wheels \
    --mount=type=secret,id=pip_netrc,target=/root/.netrc,required=true \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --find-links=/mnt/wheels --index-url=https://pypi.example.com/simple --extra-index-url=https://wheels.example.com/cpu --require-hashes --requirement=/opt/requirements/project.txt \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --find-links=/mnt/wheels --index-url=https://pypi.example.com/simple --extra-index-url=https://wheels.example.com/cpu --requirement=/opt/requirements/streaming.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/fraud-detector/streaming/stream.py", "deploy/fraud-detector/streaming/topics.py", "deploy/fraud-detector/streaming/probe.py", "deploy/fraud-detector/streaming/healthcheck.py", "/srv/streaming/"]
COPY --chmod=0644 ["deploy/fraud-detector/streaming/scorer/__init__.py", "deploy/fraud-detector/streaming/scorer/digest.py", "deploy/fraud-detector/streaming/scorer/failure.py", "deploy/fraud-detector/streaming/scorer/model.py", "deploy/fraud-detector/streaming/scorer/outcome.py", "/srv/streaming/scorer/"]
COPY --chmod=0644 ["deploy/fraud-detector/streaming/worker/__init__.py", "deploy/fraud-detector/streaming/worker/avro.py", "deploy/fraud-detector/streaming/worker/events.py", "deploy/fraud-detector/streaming/worker/failure.py", "deploy/fraud-detector/streaming/worker/features.py", "deploy/fraud-detector/streaming/worker/health.py", "deploy/fraud-detector/streaming/worker/kafka.py", "deploy/fraud-detector/streaming/worker/kafka_backlog.py", "deploy/fraud-detector/streaming/worker/kafka_sink.py", "deploy/fraud-detector/streaming/worker/kafka_source.py", "deploy/fraud-detector/streaming/worker/letters.py", "deploy/fraud-detector/streaming/worker/loop.py", "deploy/fraud-detector/streaming/worker/metrics.py", "deploy/fraud-detector/streaming/worker/models.py", "deploy/fraud-detector/streaming/worker/outcomes.py", "deploy/fraud-detector/streaming/worker/pulse.py", "deploy/fraud-detector/streaming/worker/registry.py", "deploy/fraud-detector/streaming/worker/scoring.py", "deploy/fraud-detector/streaming/worker/secrets.py", "deploy/fraud-detector/streaming/worker/telling.py", "/srv/streaming/worker/"]
COPY --chmod=0644 ["model/detector.pt", "/srv/streaming/project/model/detector.pt"]
COPY --chmod=0644 ["model/network.py", "/srv/streaming/project/model/network.py"]
COPY --chmod=0644 ["index_to_name.json", "/srv/streaming/project/index_to_name.json"]
COPY --chmod=0755 ["lookup", "/srv/streaming/project/lookup"]
RUN ["/bin/sh", "-c", "test \"$(sha256sum <\"$1\")\" = \"$0  -\" || { echo \"$1 is not the file that model.digest names\" >&2; exit 1; }", "425b5ce99c10da90309adcfaa853dfefe8e69c1b18078f42edc8f808b4ee8826", "/srv/streaming/project/model/detector.pt"]
COPY --chmod=0755 ["lookup", "/opt/lookup"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV HOME="/run/streaming"
ENV TMPDIR="/run/streaming"
ENV MALLOC_ARENA_MAX="2"
ENV NOTE="a \"quoted\" \$value"
LABEL org.opencontainers.image.title="fraud-detector"
LABEL org.opencontainers.image.version="1.4.0"
LABEL org.opencontainers.image.description="Scores card payments: \"fraud\" or not, \$5 and up."
LABEL org.opencontainers.image.vendor="risk-ml"
LABEL org.opencontainers.image.base.name="python:3.11.9-slim-bookworm"
WORKDIR "/srv/streaming"
# A number, so that Kubernetes can tell that it is not root.
USER 20001:20002
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=120s --retries=4 CMD ["python", "-I", "/srv/streaming/healthcheck.py"]
ENTRYPOINT ["python", "/srv/streaming/stream.py"]
