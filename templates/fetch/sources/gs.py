"""Google Cloud Storage."""

import json
import os

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.storage.exceptions import DataCorruption
from google.cloud.storage.retry import DEFAULT_RETRY
from google.oauth2.service_account import Credentials
from requests.exceptions import RequestException

from sources.failure import FAILED, MISSING, Failure
from sources.objects import below, parts, place

_RETRY = DEFAULT_RETRY.with_timeout(10.0)  # seconds; what starts this program starts it again
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"


def client():
    endpoint = os.environ.get("GS_ENDPOINT")
    options = {"api_endpoint": endpoint} if endpoint else None
    if os.environ.get("FETCH_ANONYMOUS"):
        return storage.Client(project="none", credentials=AnonymousCredentials(), client_options=options)
    if given := os.environ.get("GOOGLE_CREDENTIALS"):
        known = Credentials.from_service_account_info(json.loads(given), scopes=[_SCOPE])
        return storage.Client(project=known.project_id, credentials=known, client_options=options)
    return storage.Client(client_options=options)


def download(address, folder):
    bucket, key = parts(address)
    try:
        known = client().bucket(bucket)
        if key and not key.endswith("/") and known.get_blob(key, retry=_RETRY) is not None:
            _save(known, key, place(folder, key.rpartition("/")[2]))
            return
        top = f"{key.rstrip('/')}/" if key else None
        names = [blob.name for blob in known.list_blobs(prefix=top, retry=_RETRY)]
        for found, path in below(names, key):
            _save(known, found, place(folder, path))
    except NotFound as error:
        raise Failure(MISSING, str(error)) from None
    except (GoogleAPIError, GoogleAuthError, DataCorruption, RequestException, ValueError) as error:
        raise Failure(FAILED, f"{type(error).__name__}: {error}") from None


def _save(bucket, name, target):
    # What a listing tells has an address of its own, which may lead elsewhere than to the endpoint.
    bucket.blob(name).download_to_filename(target, retry=_RETRY)
