"""A security key in software: real ES256 passkey answers, for the demonstration and for stories where no browser runs.

No door uses it. A key made with it is worth what the process that holds it is worth.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """One key of one RP; counts its uses as hardware does."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count = os.urandom(32), 0

    def _auth(self, rp_id: str, flags: int, attested: bytes = b"") -> bytes:
        self.count += 1
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + attested

    @staticmethod
    def _client(kind: str, challenge: str, origin: str, **more: Any) -> bytes:
        told = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": origin, "crossOrigin": False} | more
        return json.dumps(told, separators=(",", ":")).encode()

    def _answer(self, **response: bytes) -> str:
        told = {name: b64(value) for name, value in response.items()}
        return json.dumps({"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": told})

    def create(self, options: dict[str, Any], origin: str, flags: int = 0x45) -> str:
        """`navigator.credentials.create`: UP, UV and attested data, attestation none."""
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        auth = self._auth(options["rp"]["id"], flags, attested)
        return self._answer(
            clientDataJSON=self._client("create", options["challenge"], origin),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": auth}),
        )

    def get(self, options: dict[str, Any], origin: str, flags: int = 0x05, **more: Any) -> str:
        """`navigator.credentials.get`: a signature over authenticator data and the digest of the client data."""
        auth = self._auth(options["rpId"], flags)
        client = self._client("get", options["challenge"], origin, **more)
        signature = self.key.sign(auth + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(authenticatorData=auth, clientDataJSON=client, signature=signature)
