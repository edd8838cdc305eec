"""S3, and what speaks it."""

import os

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from boto3.exceptions import Boto3Error

from sources.failure import FAILED, MISSING, Failure
from sources.objects import below, parts, place

_REFUSED = ("403", "404", "AccessDenied", "NoSuchKey", "NotFound")


def client():
    # A storage of one's own has no name for each bucket.
    own = {"addressing_style": "path"} if os.environ.get("AWS_ENDPOINT_URL_S3") else {}
    unsigned = {"signature_version": UNSIGNED} if os.environ.get("FETCH_ANONYMOUS") else {}
    return boto3.client("s3", config=Config(retries={"mode": "standard", "total_max_attempts": 5}, s3=own, **unsigned))


def is_file(storage, bucket, key):
    """Whether there is an object of just this key. Who may not list is told that he may not read what is not there."""
    if not key or key.endswith("/"):
        return False
    try:
        storage.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _REFUSED:
            return False
        raise
    return True


def download(address, folder):
    bucket, key = parts(address)
    try:
        storage = client()
        if is_file(storage, bucket, key):
            storage.download_file(bucket, key, place(folder, key.rpartition("/")[2]))
            return
        top = f"{key.rstrip('/')}/" if key else ""
        pages = storage.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=top)
        for found, path in below((item["Key"] for page in pages for item in page.get("Contents", ())), key):
            storage.download_file(bucket, found, place(folder, path))
    except ClientError as error:
        missing = error.response["Error"]["Code"] in ("404", "NoSuchBucket", "NoSuchKey")
        raise Failure(MISSING if missing else FAILED, str(error)) from None
    except (Boto3Error, BotoCoreError) as error:
        raise Failure(FAILED, str(error)) from None
