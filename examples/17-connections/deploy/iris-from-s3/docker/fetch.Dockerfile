FROM python:3.11-slim-bookworm
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/iris-from-s3/fetch/requirements.txt", "/opt/requirements/fetch.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --requirement=/opt/requirements/fetch.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/iris-from-s3/fetch/fetch.py", "/srv/fetch/"]
COPY --chmod=0644 ["deploy/iris-from-s3/fetch/sources/__init__.py", "deploy/iris-from-s3/fetch/sources/failure.py", "deploy/iris-from-s3/fetch/sources/objects.py", "deploy/iris-from-s3/fetch/sources/s3.py", "/srv/fetch/sources/"]
RUN ["install", "-d", "--owner=10001", "--group=10001", "/mnt/models"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV HOME="/run/fetch"
ENV TMPDIR="/run/fetch"
LABEL org.opencontainers.image.title="iris-from-s3"
LABEL org.opencontainers.image.version="1.0.0"
LABEL org.opencontainers.image.description="Tells three species of iris apart, with a model that is fetched when the service starts."
LABEL org.opencontainers.image.base.name="python:3.11-slim-bookworm"
WORKDIR "/srv/fetch"
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "/srv/fetch/fetch.py"]
