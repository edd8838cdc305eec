FROM python:3.11-slim-bookworm
# Requirements come before code: they change less often, and their layer is kept.
COPY ["deploy/iris-classifier/batch/requirements.txt", "/opt/requirements/batch.txt"]
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --disable-pip-version-check --no-input --requirement=/opt/requirements/batch.txt \
    && pip --python /opt/venv/bin/python check
COPY --chmod=0644 ["deploy/iris-classifier/batch/score.py", "/srv/batch/"]
COPY --chmod=0644 ["deploy/iris-classifier/batch/scorer/__init__.py", "deploy/iris-classifier/batch/scorer/columns.py", "deploy/iris-classifier/batch/scorer/csv.py", "deploy/iris-classifier/batch/scorer/digest.py", "deploy/iris-classifier/batch/scorer/estimators.py", "deploy/iris-classifier/batch/scorer/failure.py", "deploy/iris-classifier/batch/scorer/interval.py", "deploy/iris-classifier/batch/scorer/jsonl.py", "deploy/iris-classifier/batch/scorer/model.py", "deploy/iris-classifier/batch/scorer/outcome.py", "deploy/iris-classifier/batch/scorer/progress.py", "deploy/iris-classifier/batch/scorer/publishing.py", "deploy/iris-classifier/batch/scorer/reading.py", "deploy/iris-classifier/batch/scorer/rows.py", "deploy/iris-classifier/batch/scorer/scoring.py", "deploy/iris-classifier/batch/scorer/storage.py", "deploy/iris-classifier/batch/scorer/writing.py", "/srv/batch/scorer/"]
COPY --chmod=0644 ["model/iris.joblib", "/srv/batch/project/model/iris.joblib"]
RUN ["/bin/sh", "-c", "test \"$(sha256sum <\"$1\")\" = \"$0  -\" || { echo \"$1 is not the file that model.digest names\" >&2; exit 1; }", "d8beea28b6daa1e9fdf0d053ddc795480e419355b55a1872b38e8a7eac3a1361", "/srv/batch/project/model/iris.joblib"]

ENV PATH="/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV HOME="/run/batch"
ENV TMPDIR="/run/batch"
LABEL org.opencontainers.image.title="iris-classifier"
LABEL org.opencontainers.image.version="1.0.0"
LABEL org.opencontainers.image.description="Tells three species of iris apart, one at a time and a month at once."
LABEL org.opencontainers.image.base.name="python:3.11-slim-bookworm"
WORKDIR "/srv/batch"
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "/srv/batch/score.py", "--data=/data"]
