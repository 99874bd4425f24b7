"""`make settings`: write the settings' table into the README, and `.env.example` anew."""

from pathlib import Path

from bot.cli.settings import example_file, table_rows

ROOT = Path(__file__).parent.parent
README, EXAMPLE = ROOT / "README.md", ROOT / ".env.example"
HEADING = "| name | default | what it does |\n|---|---|---|\n"


def with_table(readme: str) -> str:
    """The README with the table as it should be."""
    before, heading, rest = readme.partition(HEADING)
    assert heading, "the README has no table of settings"
    _, blank, after = rest.partition("\n\n")
    return "".join([before, heading, "\n".join(table_rows()), blank, after])


def main() -> None:
    """Write both."""
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
    EXAMPLE.write_text(example_file(), encoding="utf-8")


if __name__ == "__main__":
    main()
