"""Secrets of programs: minted at random, kept so that whoever reads the database can't use them."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

SECRET_BYTES = 32
SALT_BYTES = 16
COST, BLOCK, LANES = 2**14, 8, 1
"""What scrypt takes now; each hash says what it took when it was made."""
NEVER: Final = (
    "scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)
"""A hash that no known secret has: refusing an unknown client takes as long as any other."""


def mint() -> str:
    """Make a secret of 256 random bits, safe in a header and an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def slow_hash(secret: str) -> str:
    """Hash a secret with a salt of its own, slowly; the hash says how it was made."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _scrypt(secret, salt, (COST, BLOCK, LANES))
    salted = (base64.b64encode(each).decode() for each in (salt, digest))
    return "$".join(["scrypt", str(COST), str(BLOCK), str(LANES), *salted])


def is_secret_of(slowly_hashed: str, secret: str) -> bool:
    """Answer whether this is the secret behind a hash, in time that does not depend on it."""
    _, cost, block, lanes, salt, digest = slowly_hashed.split("$")
    found = _scrypt(secret, base64.b64decode(salt), (int(cost), int(block), int(lanes)))
    return hmac.compare_digest(found, base64.b64decode(digest))


def digest_of(token: str) -> str:
    """Name a token that is random enough to need no salt: SHA-256."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def _scrypt(secret: str, salt: bytes, effort: tuple[int, int, int]) -> bytes:
    cost, block, lanes = effort
    return hashlib.scrypt(
        _bytes(secret), salt=salt, n=cost, r=block, p=lanes, maxmem=256 * cost * block, dklen=32
    )


def _bytes(secret: str) -> bytes:
    return secret.encode(errors="surrogatepass")
