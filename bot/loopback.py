"""Which hosts are this computer itself, so that nothing said to them can be read on the way."""

from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Answer whether a host of an address is this computer."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
