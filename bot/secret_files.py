"""Secrets given in files: NAME_FILE names one, as container platforms mount them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.environment import SETTINGS

LARGEST: Final = 65_536
"""So many bytes of a file are read; a secret is shorter."""


def read_secret_files(environment: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Read the secrets that are given in files; answers them by name, and what is wrong.

    No fault tells anything of what is in a file.
    """
    secrets: dict[str, str] = {}
    faults = []
    for setting in SETTINGS:
        path = environment.get(setting.file_name, "").strip() if setting.is_secret else ""
        if path and environment.get(setting.name, "").strip():
            faults.append(
                f"{setting.name} and {setting.file_name} are both given; please keep one of them"
            )
        elif path:
            try:
                secrets[setting.name] = _read(Path(path))
            except ValueError as error:
                faults.append(f"{setting.file_name} {error}")
    return secrets, faults


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ValueError(f"names a file that can’t be read: {error.strerror}") from error
    except ValueError as error:
        raise ValueError("is not the name of a file") from error
    if len(content) > LARGEST:
        raise ValueError("names a file that is too large for a secret")
    try:
        secret = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError("names a file that is not a text in UTF-8") from None
    if not secret:
        raise ValueError("names a file that is empty")
    return secret
