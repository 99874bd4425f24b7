"""Settings from a file of lines `NAME=value`, as `--env-file` names it; `.env.example` is one.

Values are taken as they stand: nothing like `${NAME}` is filled in, as passwords hold such signs.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dotenv.parser import Binding, parse_stream

from bot.settings import SettingsError

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """What a file sets, and where each name stands in it, as `FILE, line 3`."""

    values: dict[str, str]
    places: dict[str, str]


def read_env_file(path: Path) -> EnvFile:
    """Read a file of settings. Raises SettingsError, which names the file and its faulty lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError([f"{path} can’t be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{path} is not a text in UTF-8."]) from error
    bindings = list(parse_stream(io.StringIO(text)))
    if faults := [f"{path}, line {line} {said}." for line, said in _faults(bindings)]:
        raise SettingsError(faults)
    set_here = [(each.key, each.value, _line(each)) for each in bindings]
    return EnvFile(
        values={name: value for name, value, _ in set_here if name and value is not None},
        places={name: f"{path}, line {line}" for name, _, line in set_here if name},
    )


def _faults(bindings: list[Binding]) -> Iterator[tuple[int, str]]:
    for each in bindings:
        if each.error:
            yield _line(each), "can’t be understood; write it as NAME=value"
        elif each.key and each.value is None:
            yield _line(each), "has no “=”; write it as NAME=value"
        elif each.key and not NAME.fullmatch(each.key):
            yield _line(each), "does not begin with the name of a setting"
        elif each.value is not None and "\0" in each.value:
            yield _line(each), "holds a character that no setting can hold"


def _line(binding: Binding) -> int:
    """Give the line on which a binding itself stands, blank lines before it left out."""
    said = binding.original.string
    blank = said[: len(said) - len(said.lstrip())]
    return binding.original.line + len(re.findall(r"\r\n|\n|\r", blank))
