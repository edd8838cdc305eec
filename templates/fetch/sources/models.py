"""A model of MLflow's registry: what `mlflow artifacts download` does."""

import contextlib
import os

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

from mlflow.artifacts import download_artifacts  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from requests.exceptions import RequestException  # noqa: E402

from sources.failure import FAILED, MISSING, Failure  # noqa: E402

_NOTE = "registered_model_meta"  # which MLflow's client writes beside what it has fetched


def download(address, folder):
    try:
        download_artifacts(artifact_uri=address, dst_path=folder)
        with contextlib.suppress(FileNotFoundError):
            os.remove(os.path.join(folder, _NOTE))
    except MlflowException as error:
        missing = error.error_code == "RESOURCE_DOES_NOT_EXIST"
        raise Failure(MISSING if missing else FAILED, error.message.partition("\n")[0]) from None
    except RequestException as error:
        raise Failure(FAILED, str(error)) from None
