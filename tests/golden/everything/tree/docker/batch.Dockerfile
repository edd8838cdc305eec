FROM python:3.11.9-slim-bookworm
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && mkdir -p /usr/share/man/man1 \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libgomp1
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/fraud-detector/batch/requirements.txt", "/opt/requirements/batch.txt"]
COPY ["requirements.txt", "/opt/requirements/project.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=wheels,target=/mnt/wheels \
    --mount=type=secret,id=pip_netrc,target=/root/.netrc,required=true \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --find-links=/mnt/wheels --index-url=https://pypi.example.com/simple --extra-index-url=https://wheels.example.com/cpu --require-hashes --requirement=/opt/requirements/project.txt \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --find-links=/mnt/wheels --index-url=https://pypi.example.com/simple --extra-index-url=https://wheels.example.com/cpu --requirement=/opt/requirements/batch.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/fraud-detector/batch/score.py", "/srv/batch/"]
COPY --chmod=0644 ["deploy/fraud-detector/batch/scorer/__init__.py", "deploy/fraud-detector/batch/scorer/azure.py", "deploy/fraud-detector/batch/scorer/columns.py", "deploy/fraud-detector/batch/scorer/csv.py", "deploy/fraud-detector/batch/scorer/digest.py", "deploy/fraud-detector/batch/scorer/failure.py", "deploy/fraud-detector/batch/scorer/interval.py", "deploy/fraud-detector/batch/scorer/jsonl.py", "deploy/fraud-detector/batch/scorer/kept.py", "deploy/fraud-detector/batch/scorer/model.py", "deploy/fraud-detector/batch/scorer/outcome.py", "deploy/fraud-detector/batch/scorer/progress.py", "deploy/fraud-detector/batch/scorer/publishing.py", "deploy/fraud-detector/batch/scorer/reading.py", "deploy/fraud-detector/batch/scorer/rows.py", "deploy/fraud-detector/batch/scorer/s3.py", "deploy/fraud-detector/batch/scorer/scoring.py", "deploy/fraud-detector/batch/scorer/storage.py", "deploy/fraud-detector/batch/scorer/writing.py", "/srv/batch/scorer/"]
COPY --chmod=0644 ["model/detector.pt", "/srv/batch/project/model/detector.pt"]
COPY --chmod=0644 ["model/network.py", "/srv/batch/project/model/network.py"]
COPY --chmod=0644 ["index_to_name.json", "/srv/batch/project/index_to_name.json"]
COPY --chmod=0755 ["lookup", "/srv/batch/project/lookup"]
RUN ["/bin/sh", "-c", "test \"$(sha256sum <\"$1\")\" = \"$0  -\" || { echo \"$1 is not the file that model.digest names\" >&2; exit 1; }", "425b5ce99c10da90309adcfaa853dfefe8e69c1b18078f42edc8f808b4ee8826", "/srv/batch/project/model/detector.pt"]
COPY --chmod=0755 ["lookup", "/opt/lookup"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV HOME="/run/batch"
ENV TMPDIR="/run/batch"
ENV NVIDIA_DRIVER_CAPABILITIES="compute,utility"
ENV MALLOC_ARENA_MAX="2"
ENV NOTE="a \"quoted\" \$value"
LABEL org.opencontainers.image.title="fraud-detector"
LABEL org.opencontainers.image.version="1.4.0"
LABEL org.opencontainers.image.description="Scores card payments: \"fraud\" or not, \$5 and up."
LABEL org.opencontainers.image.vendor="risk-ml"
LABEL org.opencontainers.image.base.name="python:3.11.9-slim-bookworm"
WORKDIR "/srv/batch"
# A number, so that Kubernetes can tell that it is not root.
USER 20001:20002
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "/srv/batch/score.py", "--data=/data"]
