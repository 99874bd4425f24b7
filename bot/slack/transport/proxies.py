"""Which proxy leads to an address: the environment says, and NO_PROXY is heeded.

What is on this computer is reached directly, also where a proxy is set for everything else.
"""

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from bot.loopback import is_loopback

INSTEAD: Final = {"https": ("https", "all", "http"), "http": ("http", "all")}
"""Which variables are looked at for a scheme, in this order: HTTPS_PROXY, ALL_PROXY, HTTP_PROXY."""


def proxy_for(address: str) -> str | None:
    """Give the address of the proxy that leads there, or None where none is needed."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(f"{host}:{parts.port}" if parts.port else host):
        return None
    found = getproxies_environment()
    names = INSTEAD["http" if parts.scheme in ("http", "ws") else "https"]
    given = next((found[name].strip() for name in names if found.get(name, "").strip()), None)
    return f"http://{given}" if given and "://" not in given else given
