"""docs/security.md names every table, and is found from where people look for it."""

import re
from pathlib import Path
from typing import Final

from storage.base import Base

ROOT: Final = Path(__file__).parent.parent
GUIDE: Final = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_table_is_named_once() -> None:
    section = GUIDE.split("## What is stored")[1].split("| secret |")[0]
    named = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert sorted(named) == sorted(Base.metadata.tables)


def test_it_is_found() -> None:
    for name in ("SECURITY.md", "README.md"):
        assert "docs/security.md" in (ROOT / name).read_text(encoding="utf-8")
