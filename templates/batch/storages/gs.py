"""Google Cloud Storage."""

import datetime as dt
import os
from urllib.parse import urlsplit

from pyarrow import fs

from scorer.kept import as_file

_RETRY = dt.timedelta(seconds=60)  # of one request; by default a quarter of an hour
_ACCOUNT = "GOOGLE_APPLICATION_CREDENTIALS"


def system(told, shown, path):
    """The file system: as nobody, as what shows itself by the machine's own means, or by what is shown."""
    endpoint = urlsplit(told.get("endpoint", ""))
    options = {"scheme": endpoint.scheme, "endpoint_override": endpoint.netloc} if endpoint.netloc else {}
    if "service_account" not in shown:
        return fs.GcsFileSystem(anonymous=told["anonymous"], retry_time_limit=_RETRY, **options)
    before = os.environ.get(_ACCOUNT)
    os.environ[_ACCOUNT] = as_file(shown["service_account"])  # read when the file system is made, and only from there
    try:
        return fs.GcsFileSystem(retry_time_limit=_RETRY, **options)
    finally:
        if before is None:
            del os.environ[_ACCOUNT]
        else:
            os.environ[_ACCOUNT] = before
