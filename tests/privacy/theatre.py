"""How scenes are shown: each in a database of its own, and as many as there is time for."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings

from tests.databases import SqliteFiles
from tests.privacy.drawing import HARD, scenes
from tests.privacy.scene import Scene
from tests.privacy.stage import Stage, staged

TIMES: Final = int(os.environ.get("TEST_EXAMPLES", "1"))
"""How many times as many examples as usual are tried: 1 in every run, 50 before a release."""
SECONDS: Final = 300


@dataclass(frozen=True)
class Theatre:
    """A place where one scene after the other is put into a database of its own."""

    files: SqliteFiles
    folder: Path

    def shows(self, scene: Scene) -> AbstractContextManager[Stage]:
        """Put a scene into a database for as long as it is looked at."""
        return staged(scene, self.files, self.folder)


Test = Callable[[Scene, Theatre], None]


def for_every_scene(examples: int) -> Callable[[Test], Test]:
    """Try a test with the hardest scene, and with so many drawn at random."""

    def trying(test: Test) -> Test:
        patient = pytest.mark.timeout(SECONDS * TIMES)(test)
        drawn: Test = given(scene=scenes())(example(scene=HARD)(patient))
        return settings(max_examples=examples * TIMES)(drawn)

    return trying
