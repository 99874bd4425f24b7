"""How scenes are shown: each in a database of its own, and as many as there is time for."""

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings

from tests.databases import SqliteFiles
from tests.privacy.drawing import HARD, LOST, losses, scenes
from tests.privacy.scene import Scene
from tests.privacy.stage import Stage, staged

TIMES: Final = int(os.environ.get("TEST_EXAMPLES", "1"))
"""How many times as many examples as usual are tried: 1 in every run, 50 before a release."""
SECONDS: Final = 300
SAID: Final = re.compile(r"Z(?:person|name|about|place|link|talk|note)\d+z")
"""What people and sessions are called, and what was written: never in the log."""


@dataclass(frozen=True)
class Theatre:
    """A place where one scene after the other is put into a database of its own."""

    files: SqliteFiles
    folder: Path

    @contextmanager
    def shows(self, scene: Scene) -> Iterator[Stage]:
        """Put a scene into a database for as long as it is looked at; the log tells nothing."""
        with overheard() as lines, staged(scene, self.files, self.folder) as stage:
            yield stage
        assert not SAID.search("\n".join(lines))


class Listener(logging.Handler):
    """Hears everything that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Listen to everything that the bot logs."""
    log, listener = logging.getLogger("bot"), Listener()
    level = log.level
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    try:
        yield listener.lines
    finally:
        log.setLevel(level)
        log.removeHandler(listener)


Losing = Callable[[tuple[Scene, Scene], Theatre], None]
Test = Callable[[Scene, Theatre], None]


def for_every_scene(examples: int) -> Callable[[Test], Test]:
    """Try a test with the hardest scene, and with so many drawn at random."""

    def trying(test: Test) -> Test:
        patient = pytest.mark.timeout(SECONDS * TIMES)(test)
        drawn: Test = given(scene=scenes())(example(scene=HARD)(patient))
        return settings(max_examples=examples * TIMES)(drawn)

    return trying


def for_every_loss(examples: int) -> Callable[[Losing], Losing]:
    """Try a test with so many scenes after which people lose what they had."""

    def trying(test: Losing) -> Losing:
        patient = pytest.mark.timeout(SECONDS * TIMES)(test)
        drawn: Losing = given(scenes=losses())(example(scenes=LOST)(patient))
        return settings(max_examples=examples * TIMES)(drawn)

    return trying
