"""Google Cloud Storage."""

import json
import os

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY
from google.oauth2.service_account import Credentials
from requests.exceptions import RequestException

from sources.failure import FAILED, MISSING, Failure
from sources.objects import below, parts, place

_RETRY = DEFAULT_RETRY.with_timeout(20.0)  # seconds; what starts this program starts it again
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
        known = client()
        lone = known.bucket(bucket).get_blob(key, retry=_RETRY) if key and not key.endswith("/") else None
        if lone is not None:
            lone.download_to_filename(place(folder, key.rpartition("/")[2]), retry=_RETRY)
            return
        top = f"{key.rstrip('/')}/" if key else None
        blobs = {blob.name: blob for blob in known.list_blobs(bucket, prefix=top, retry=_RETRY)}
        for found, path in below(blobs, key):
            blobs[found].download_to_filename(place(folder, path), retry=_RETRY)
    except NotFound as error:
        raise Failure(MISSING, str(error)) from None
    except (GoogleAPIError, GoogleAuthError, RequestException, ValueError) as error:
        raise Failure(FAILED, f"{type(error).__name__}: {error}") from None
