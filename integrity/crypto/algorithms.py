"""Pluggable algorithms: every hash, MAC, ciphertext and signature names its algorithm and key (trust.md 5)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class CryptoError(ValueError):
    """A value that does not open, verify or name a known algorithm."""


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


HASHES: dict[str, Callable[[bytes], bytes]] = {"sha256": lambda d: hashlib.sha256(d).digest(), "sm3": _sm3}
_MACS = {"hs256": hashes.SHA256, "hsm3": hashes.SM3}


def mac(alg: str, key: bytes, data: bytes) -> bytes:
    """HMAC under hs256 or hsm3."""
    if alg not in _MACS:
        raise CryptoError(f"unknown MAC {alg}")
    keyed = hmac.HMAC(key, _MACS[alg]())
    keyed.update(data)
    return keyed.finalize()


def seal(alg: str, key: bytes, data: bytes, aad: bytes) -> bytes:
    """nonce12 + ciphertext + tag16 under a256gcm or sm4gcm."""
    nonce = os.urandom(12)
    if alg == "a256gcm":
        return nonce + AESGCM(key).encrypt(nonce, data, aad)
    if alg != "sm4gcm":
        raise CryptoError(f"unknown cipher {alg}")
    box = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    box.authenticate_additional_data(aad)
    return nonce + box.update(data) + box.finalize() + box.tag


def unseal(alg: str, key: bytes, blob: bytes, aad: bytes) -> bytes:
    """The plaintext, or CryptoError when key, row or bytes are not the ones that sealed it."""
    nonce, body = blob[:12], blob[12:]
    try:
        if alg == "a256gcm":
            return AESGCM(key).decrypt(nonce, body, aad)
        if alg != "sm4gcm":
            raise CryptoError(f"unknown cipher {alg}")
        box = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, body[-16:])).decryptor()
        box.authenticate_additional_data(aad)
        return box.update(body[:-16]) + box.finalize()
    except InvalidTag as fault:
        raise CryptoError("sealed value does not open: wrong key, wrong row or altered") from fault


@dataclass(frozen=True)
class Ed25519Signer:
    """Signs with a key from a file; other back ends (signing machine) offer the same two members."""

    secret: bytes

    @property
    def public(self) -> bytes:
        key = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
        return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(message)


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is right; never raises on bad input."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


SM2_ID = b"1234567812345678"  # the signer's id of GM/T 0009 where none is agreed


@dataclass(frozen=True)
class SM2Signer:
    """SM2 with SM3 (GB/T 32918), of the optional extra `gm`; a signing machine would offer the same two members."""

    secret: bytes

    @property
    def public(self) -> bytes:
        """The uncompressed point, 65 bytes."""
        return bytes(_sm2().SM2().generate_pk(self.secret))

    def sign(self, message: bytes) -> bytes:
        """r and s, 32 bytes each."""
        r, s = _sm2().SM2(self.secret, SM2_ID).sign(message)
        return bytes(r).rjust(32, b"\0") + bytes(s).rjust(32, b"\0")


def verify_sm2(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is right; never raises on bad input, CryptoError when the extra is missing."""
    gmalg = _sm2()
    try:
        verifier = gmalg.SM2(uid=SM2_ID, pk=public)
        return len(signature) == 64 and bool(verifier.verify(message, signature[:32], signature[32:]))
    except (gmalg.errors.GMError, ValueError, IndexError):
        return False


def new_secret(alg: str) -> bytes:
    """A fresh secret for an algorithm; SM2's lies in its group."""
    return bytes(_sm2().SM2().generate_keypair()[0]) if alg == "sm2-sm3" else os.urandom(32)


def _sm2() -> Any:
    try:
        import gmalg
    except ImportError as fault:
        raise CryptoError("SM2 needs the extra gm: pip install 'integrity-registry[gm]'") from fault
    return gmalg
