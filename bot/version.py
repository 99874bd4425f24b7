"""Which version of Coachbot this is."""

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent / "pyproject.toml"


def version() -> str:
    """Give the version as it was installed, or that of a checkout that never was."""
    try:
        return metadata.version("coachbot")
    except metadata.PackageNotFoundError:
        with PROJECT.open("rb") as file:
            found: str = tomllib.load(file)["project"]["version"]
        return found
