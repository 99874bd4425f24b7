"""Where scenes are shown, and how many of them."""

import pytest

from tests.databases import SqliteFiles
from tests.privacy.theatre import Theatre


@pytest.fixture(scope="module")
def theatre(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """A place where one scene after the other is put into a database of its own."""
    return Theatre(sqlite_files, tmp_path_factory.mktemp("privacy"))
