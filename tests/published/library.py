"""The published Python library: installed, configured and otherwise left as it is."""

import importlib
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

NAME: Final = "PureCloudPlatformClientV2"
UNKNOWN_WORD: Final = "outdated_sdk_version"
"""What the library makes of a word that it does not know."""
DESCRIBED: Final = re.compile(r":param (\S+) (\w+): (.*)")
QUIET: Final = "[general]\nlive_reload_config = false\n"


class Library:
    """The library, loaded when it is first needed, and what it says of itself."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @cached_property
    def module(self) -> ModuleType:
        """The library as for a user whose configuration is in this folder."""
        folder = self._home / ".genesyscloudpython"
        folder.mkdir()
        (folder / "config").write_text(QUIET)
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("HOME", str(self._home))
            return importlib.import_module(NAME)

    @property
    def refusal(self) -> type[Exception]:
        """What the library raises for a refusal."""
        found: type[Exception] = self.module.rest.ApiException
        return found

    @property
    def null(self) -> Any:
        """What the library's users write for null."""
        return self.module.ApiNullValue()

    def make(self, kind: str, **values: Any) -> Any:
        """Make one of the library's models as its users do: an empty one, then each attribute."""
        model = getattr(self.module, kind)()
        for name, value in values.items():
            assert name in model.swagger_types, f"{kind} has no {name}"
            setattr(model, name, value)
        return model

    def connect(self, url: str) -> Any:
        """Make a client of an installation, by the address in the configuration alone."""
        self.module.configuration.host = url
        return self.module.ApiClient()

    def coaching(self, client: Any) -> Any:
        """The coaching part of a client."""
        return self.module.CoachingApi(client)

    def methods(self) -> Mapping[str, Mapping[str, bool]]:
        """Every method of the coaching part: its parameters, and whether they are required.

        Each takes a callback too.
        """
        return {
            name: {
                parameter: said.endswith("(required)")
                for kind, parameter, said in DESCRIBED.findall(method.__doc__)
                if kind != "callback"
            }
            for name, method in vars(self.module.CoachingApi).items()
            if not name.startswith("_")
        }
