"""Stands in for those who give tokens at Google and at Microsoft: `cloud_tokens.py FOLDER CERTIFICATE SECRET`.

It says at which port it answers, and puts a service account of Google into the folder, with one that says to be the same
and has another key. Google's token is for who signs with the account's key, Microsoft's for who shows the secret:
https://developers.google.com/identity/protocols/oauth2/service-account and
https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow (read 2026-11).
"""

import base64
import json
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

folder, certificate, secret = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
_NAME = "models@project.iam.gserviceaccount.com"


def account(path, address):
    """The public key of a new service account."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    said = {
        "type": "service_account",
        "project_id": "project",
        "client_email": _NAME,
        "private_key": key.private_bytes(*form).decode(),
        "token_uri": address,
    }
    path.write_text(json.dumps(said))
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def token():
    """One that Azurite takes: it looks at these words and at no signature."""
    now = int(time.time())
    said = {"aud": "https://storage.azure.com", "iss": "https://sts.windows.net/tenant/"}
    said |= {"iat": now, "nbf": now - 60, "exp": now + 3600}
    parts = ({"alg": "HS256", "typ": "JWT"}, said, "none")
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        host = f"https://{self.headers['Host']}"
        tenant = self.path.split("/")[1]
        ends = {"token_endpoint": f"{host}/{tenant}/oauth2/v2.0/token", "issuer": f"{host}/{tenant}/v2.0"}
        more = {"tenant_discovery_endpoint": f"{host}/{tenant}/v2.0/.well-known/openid-configuration", "metadata": []}
        self.answer(200, {**ends, **more, "authorization_endpoint": f"{host}/{tenant}/oauth2/v2.0/authorize"})

    def do_POST(self):
        asked = {name: found[0] for name, found in parse_qs(self.body()).items()}
        if assertion := asked.get("assertion"):
            try:
                known = jwt.decode(assertion, certs=public)["iss"] == _NAME
            except ValueError:
                known = False
        else:
            known = asked.get("client_secret") == secret
        made = {"access_token": token(), "expires_in": 3600, "token_type": "Bearer"}
        self.answer(*((200, made) if known else (401, {"error": "invalid_client", "error_description": "who is that"})))

    def body(self):
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def answer(self, status, said):
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *told):
        """Nothing is told."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, certificate.with_name("key.pem"))
server.socket = context.wrap_socket(server.socket, server_side=True)
public = account(folder / "account.json", f"https://127.0.0.1:{server.server_port}/token")
account(folder / "other.json", f"https://127.0.0.1:{server.server_port}/token")
print(server.server_port, flush=True)
server.serve_forever()
