"""A small OpenID provider on this machine: whoever comes is the person it was told to be.

It speaks what a browser and a relying party need of OpenID Connect Core 1.0: discovery, the code
flow with a signed ID token, and the keys to check it. It asks nobody for a password.
"""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "refunds", "made-up-secret"


class Provider(ThreadingHTTPServer):
    """Signs in `identity`, the claims of a person."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.identity: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        # What was asked for with each code that was handed out; a code is good once.
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def id_token(self, asked: dict[str, str]) -> str:
        """Return the signed claims of the person, for the client and moment that asked."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "1", "iat": now, "exp": now + 300}
        if "nonce" in asked:
            claims["nonce"] = asked["nonce"]
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims | self.identity, self.key)


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep codes and tokens out of the output of tests."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/.well-known/openid-configuration":
            issuer = self.server.issuer
            self._answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif url.path == "/keys":
            self._answer({"keys": [self.server.key.as_dict(private=False)]})
        elif url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            code = f"code-{len(self.server.codes)}"
            self.server.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        sent = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic "))
        asked = self.server.codes.pop(form["code"][0], None)
        if asked is None or sent.decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            self.send_error(401)
            return
        token = self.server.id_token(asked)
        self._answer({"access_token": "none", "token_type": "Bearer", "id_token": token})

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Provider]:
    """Serve a provider from a thread within the block."""
    provider = Provider()
    Thread(target=provider.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
