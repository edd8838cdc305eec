FROM python:3.11-slim-bookworm
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && mkdir -p /usr/share/man/man1 \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libgomp1
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/fraud-detector/on-kubernetes/mlserver/shadow/requirements.txt", "/opt/requirements/mlserver.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --requirement=/opt/requirements/mlserver.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/fraud-detector/on-kubernetes/mlserver/shadow/settings.json", "deploy/fraud-detector/on-kubernetes/mlserver/shadow/model-settings.json", "deploy/fraud-detector/on-kubernetes/mlserver/shadow/serve.py", "deploy/fraud-detector/on-kubernetes/mlserver/shadow/healthcheck.py", "/srv/mlserver/"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV HOME="/run/mlserver"
ENV TMPDIR="/run/mlserver"
ENV MLSERVER_HOST="0.0.0.0"
ENV OMP_NUM_THREADS="1"
LABEL org.opencontainers.image.title="fraud-detector"
LABEL org.opencontainers.image.version="2.1.0"
LABEL org.opencontainers.image.description="Scores card payments for fraud; a new model is tried on a few of them, and another one on copies."
LABEL org.opencontainers.image.vendor="risk-ml"
LABEL org.opencontainers.image.base.name="python:3.11-slim-bookworm"
WORKDIR "/srv/mlserver"
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8080/tcp
EXPOSE 8081/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["python", "-I", "/srv/mlserver/healthcheck.py"]
ENTRYPOINT ["python", "-I", "/srv/mlserver/serve.py"]
