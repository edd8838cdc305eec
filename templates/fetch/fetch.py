"""Fetches a model into a folder before its server starts, and proves that it is the one that was meant.

    python fetch.py ADDRESS FOLDER [--sha256=HEX:PATH]... [--nothing-else]

ADDRESS is a file or a folder: s3://BUCKET/KEY, gs://BUCKET/KEY, az://CONTAINER/KEY, https://HOST/FILE or models:/NAME/VERSION.
A file comes into FOLDER under its own name, of a folder all that is in it. Every PATH must be there and have its digest, and
with --nothing-else no other file may be: or else nothing in FOLDER changes. What is there already and has its digests is
not fetched again. How it shows who it is stands in the environment, under the names that each storage's own client knows;
CA_CERTIFICATES and CA_CERTIFICATES_REGISTRY may hold the certificates of who vouches for the other side.

Exit codes: 0 done · 2 wrong usage · 3 nothing is there · 4 it is not what was meant · 5 it could not be fetched.
"""

import argparse
import hashlib
import importlib
import os
import shutil
import sys
import tempfile

from sources.failure import MISSING, OTHER, Failure

_INCOMING = ".incoming"
_CHUNK = 2**20


def arguments():
    parser = argparse.ArgumentParser(description="Fetches a model into a folder.")
    parser.add_argument("address", help="s3://, gs://, az://, https:// or models:/")
    parser.add_argument("folder", help="where it goes")
    parser.add_argument("--sha256", action="append", default=[], metavar="HEX:PATH", help="what a file must be")
    parser.add_argument("--nothing-else", action="store_true", help="refuse files without a digest")
    given = parser.parse_args()
    given.digests = {path: digest for digest, _, path in (item.partition(":") for item in given.sha256)}
    if given.nothing_else and not given.digests:
        parser.error("--nothing-else without --sha256 would refuse everything")
    return given


def files_below(folder):
    """The relative paths of all files, with what is only on its way left out."""
    found = set()
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if os.path.join(top, name) != os.path.join(folder, _INCOMING)]
        found |= {os.path.relpath(os.path.join(top, name), folder).replace(os.sep, "/") for name in names}
    return found


def digest_of(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def difference(folder, given):
    """What of a folder is not what was meant, as a sentence; nothing when it is."""
    there = files_below(folder)
    for path, digest in sorted(given.digests.items()):
        if path not in there:
            return f"{path} is not there"
        if (found := digest_of(os.path.join(folder, path))) != digest:
            return f"{path} has the SHA-256 {found}, and {digest} was meant"
    if given.nothing_else and (more := sorted(there - given.digests.keys())):
        return f"{more[0]} is there, and has no digest"
    return None


def trust():
    """Lets every client know of the certificates in the environment, before it is imported."""
    texts = [os.environ[name] for name in ("CA_CERTIFICATES", "CA_CERTIFICATES_REGISTRY") if os.environ.get(name)]
    if texts:
        handle, path = tempfile.mkstemp(suffix=".pem")
        with open(handle, "wb") as file:
            file.write(os.fsencode("\n".join(texts)))  # as it came: comments are in any language and encoding
        os.environ.update(dict.fromkeys(("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), path))


def put(incoming, folder):
    """Takes away what an earlier fetch left, and moves what was fetched to its place, each file in one step."""
    new = files_below(incoming)
    for path in files_below(folder) - new:
        os.remove(os.path.join(folder, path))
    tidy(folder)
    for path in sorted(new):
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.chmod(os.path.join(incoming, path), 0o644)
        os.replace(os.path.join(incoming, path), target)
    return new


def tidy(folder):
    """Takes away the folders that have nothing in them: a server would take an empty one for a version of its model."""
    for top, _, _ in os.walk(folder, topdown=False):
        if top != folder and not os.listdir(top):
            os.rmdir(top)


def fetch(given):
    exact = given.nothing_else or files_below(given.folder) == given.digests.keys()
    if given.digests and exact and difference(given.folder, given) is None:
        tidy(given.folder)
        return "is there already"
    incoming = os.path.join(given.folder, _INCOMING)
    shutil.rmtree(incoming, ignore_errors=True)
    os.mkdir(incoming)
    try:
        trust()
        source = importlib.import_module(f"sources.{given.address.partition(':')[0]}")
        source.download(given.address, incoming)
        if not files_below(incoming):
            raise Failure(MISSING, "nothing is there")
        if reason := difference(incoming, given):
            raise Failure(OTHER, reason)
        new = put(incoming, given.folder)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    size = sum(os.path.getsize(os.path.join(given.folder, path)) for path in new)
    return f"fetched: {len(new)} file{'s' if len(new) > 1 else ''}, {size} bytes"


def main():
    given = arguments()
    try:
        print(f"{given.address} {fetch(given)}", flush=True)
    except Failure as failure:
        print(f"{given.address}: {failure}", file=sys.stderr, flush=True)
        return failure.code
    except OSError as error:
        print(f"{given.address}: {error}", file=sys.stderr, flush=True)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
