"""A file behind HTTPS."""

import base64
import http.client
import os
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request

from sources.failure import FAILED, MISSING, Failure
from sources.objects import place

_TRIES, _SECONDS = 4, 30
_GONE = (404, 410)
_BUSY = (408, 425, 429, 500, 502, 503, 504)


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to HTTPS only, and shows another host nothing that was meant for the first."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.startswith("https://"):
            raise Failure(FAILED, f"it leads to {newurl}, which is not HTTPS")
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None and urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            new.remove_header("Authorization")
        return new


def shown():
    """The header that says who asks; nothing when nobody does."""
    if token := os.environ.get("HTTPS_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    if name := os.environ.get("HTTPS_USERNAME"):
        pair = f"{name}:{os.environ.get('HTTPS_PASSWORD', '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {}


def download(address, folder):
    name = urllib.parse.unquote(urllib.parse.urlsplit(address).path.rpartition("/")[2])
    target, opener = place(folder, name), urllib.request.build_opener(Redirects())
    for left in reversed(range(_TRIES)):
        try:
            request = urllib.request.Request(address, headers=shown())
            with opener.open(request, timeout=_SECONDS) as answer, open(target, "wb") as file:
                shutil.copyfileobj(answer, file)
                _whole(answer, file.tell())
            return
        except urllib.error.HTTPError as error:
            if error.code not in _BUSY or not left:
                raise Failure(MISSING if error.code in _GONE else FAILED, f"{error.code} {error.reason}") from None
        except (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException) as error:
            if not left:
                raise Failure(FAILED, reason(error)) from None
        time.sleep(_TRIES - left)


def reason(error):
    """Why no answer came, or none that is whole."""
    if isinstance(error, http.client.HTTPException):
        return f"its answer ended early, or is none of HTTP: {error}"
    return str(getattr(error, "reason", error))


def _whole(answer, size):
    """A connection that ends early looks like the end of the file."""
    said = answer.headers.get("Content-Length")
    if said is not None and int(said) != size:
        raise ConnectionError(f"{size} of {said} bytes came")
