"""Azure Blob Storage."""

import logging
import os

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential, EnvironmentCredential
from azure.storage.blob import BlobServiceClient

from sources.failure import FAILED, MISSING, Failure
from sources.objects import below, parts, place

# By default it waits for minutes; what starts this program starts it again.
_RETRIES = {"retry_total": 3, "initial_backoff": 1, "increment_base": 1, "random_jitter_range": 1}  # seconds

logging.getLogger("azure").setLevel(logging.CRITICAL)  # what it says there is told with the failure


def client():
    account = os.environ["AZURE_STORAGE_ACCOUNT"]
    endpoint = os.environ.get("AZURE_STORAGE_ENDPOINT") or f"https://{account}.blob.core.windows.net"
    if os.environ.get("FETCH_ANONYMOUS"):
        return BlobServiceClient(endpoint, **_RETRIES)
    if key := os.environ.get("AZURE_STORAGE_ACCESS_KEY"):
        return BlobServiceClient(endpoint, credential={"account_name": account, "account_key": key}, **_RETRIES)
    # Whoever is named by a secret is asked for alone: the other one tries in turn all that it may be.
    known = EnvironmentCredential() if os.environ.get("AZURE_CLIENT_SECRET") else DefaultAzureCredential()
    return BlobServiceClient(endpoint, credential=known, **_RETRIES)


def download(address, folder):
    container, key = parts(address)
    try:
        known = client().get_container_client(container)
        if key and not key.endswith("/") and known.get_blob_client(key).exists():
            _save(known, key, place(folder, key.rpartition("/")[2]))
            return
        names = known.list_blob_names(name_starts_with=f"{key.rstrip('/')}/" if key else None)
        for found, path in below(names, key):
            _save(known, found, place(folder, path))
    except ResourceNotFoundError as error:
        raise Failure(MISSING, str(error.message)) from None
    except AzureError as error:
        raise Failure(FAILED, str(error.message)) from None


def _save(container, name, target):
    with open(target, "wb") as file:
        container.download_blob(name).readinto(file)
