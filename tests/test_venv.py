"""`scripts/venv.sh` picks a Python that is new enough, says what to do where none is, and makes the
virtual environment anew when its Python is another or gone.

The Pythons are stand-ins on a PATH of the test's own: each is this Python under another version.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).parent.parent / "scripts" / "venv.sh"
STAND_IN: Final = """\
#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    touch "$3/pyvenv.cfg"
    cp "$0" "$3/bin/python"
else
    exec "{real}" -c "import sys; sys.version_info = {version}; sys.version = '{version}'
sys.modules.update(dict.fromkeys({missing}))
exec(sys.argv.pop(1))" "$2"
fi
"""
TOOLS: Final = ("sh", "mkdir", "touch", "cp", "rm", "rmdir", "id")


@dataclass
class Computer:
    """A PATH with stand-ins, and a place for the virtual environment."""

    path: Path
    venv: Path

    def has(self, name: str, *version: int, missing: tuple[str, ...] = ()) -> None:
        program = self.path / name
        program.write_text(STAND_IN.format(real=sys.executable, version=version, missing=missing))
        program.chmod(0o755)

    def make(self, named: str = "") -> tuple[int, str]:
        ended = subprocess.run(
            ["sh", SCRIPT, self.venv, named],
            env={"PATH": str(self.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr

    @property
    def made_with(self) -> str:
        python = self.venv / "bin" / "python"
        tell = "import sys; print('.'.join(map(str, sys.version_info)))"
        told = subprocess.run([python, "-c", tell], capture_output=True, text=True, check=True)
        return told.stdout.strip()


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    found = Computer(tmp_path / "bin", tmp_path / "venv")
    found.path.mkdir()
    for tool in TOOLS:
        (found.path / tool).symlink_to(shutil.which(tool) or tool)
    return found


def test_python3_is_taken_where_it_is_new_enough(computer: Computer) -> None:
    computer.has("python3", 3, 11, 4)
    computer.has("python3.13", 3, 13, 0)
    assert computer.make() == (0, "")
    assert computer.made_with == "3.11.4"
    assert (computer.venv / ".created").exists()


def test_the_newest_is_taken_where_python3_is_too_old(computer: Computer) -> None:
    computer.has("python3", 3, 10, 4)
    computer.has("python3.11", 3, 11, 4)
    computer.has("python3.12", 3, 12, 1)
    assert computer.make() == (0, "")
    assert computer.made_with == "3.12.1"


def test_one_sentence_is_said_where_none_is_new_enough(computer: Computer) -> None:
    computer.has("python3", 3, 10, 4)
    ended, said = computer.make()
    assert ended == 1
    assert said == (
        "Python 3.11 or newer is needed, and python3 on this computer is 3.10. "
        "Install one, or name it: make PYTHON=/path/to/python3.12 sandbox\n"
    )
    assert not computer.venv.exists()


def test_one_sentence_is_said_where_there_is_no_python(computer: Computer) -> None:
    ended, said = computer.make()
    assert (ended, said.count("\n")) == (1, 1)
    assert "python3 on this computer is missing" in said


@pytest.mark.parametrize(("name", "said"), [("old", "old is 3.10"), ("gone", "gone is not a")])
def test_a_named_python_is_looked_at_first(computer: Computer, name: str, said: str) -> None:
    computer.has("python3", 3, 11, 4)
    computer.has("old", 3, 10, 4)
    computer.make()
    ended, sentence = computer.make(name)
    assert (ended, sentence.count("\n")) == (1, 1)
    assert said in sentence
    assert computer.made_with == "3.11.4"


def test_it_stays_while_it_works(computer: Computer) -> None:
    computer.has("python3", 3, 11, 4)
    computer.has("python3.12", 3, 12, 1)
    computer.make("python3.12")
    made = (computer.venv / ".created").stat().st_mtime_ns
    assert [computer.make(), computer.make("python3.12")] == [(0, ""), (0, "")]
    assert (computer.venv / ".created").stat().st_mtime_ns == made


def test_it_is_made_anew_with_another_python(computer: Computer) -> None:
    computer.has("python3.11", 3, 11, 4)
    computer.has("python3.12", 3, 12, 1)
    computer.make("python3.11")
    (computer.venv / ".runtime").touch()
    ended, said = computer.make("python3.12")
    assert (ended, said) == (0, f"Making {computer.venv} anew with Python 3.12.\n")
    assert computer.made_with == "3.12.1"
    assert not (computer.venv / ".runtime").exists()


def test_it_is_made_anew_where_its_python_has_vanished(computer: Computer) -> None:
    computer.has("python3", 3, 11, 4)
    computer.make()
    (computer.venv / "bin" / "python").unlink()
    assert computer.make()[0] == 0
    assert computer.made_with == "3.11.4"


def test_a_folder_that_only_bears_the_name_is_left_alone(computer: Computer) -> None:
    computer.has("python3", 3, 11, 4)
    computer.venv.mkdir()
    kept = computer.venv / "thesis.txt"
    kept.touch()
    ended, said = computer.make()
    assert (ended, said.count("\n")) == (1, 1)
    assert "is no virtual environment" in said
    assert kept.exists()


def test_one_sentence_is_said_where_the_module_venv_is_missing(computer: Computer) -> None:
    computer.has("python3", 3, 11, 4, missing=("ensurepip",))
    ended, said = computer.make()
    assert (ended, said.count("\n")) == (1, 1)
    assert "run this, then try again: apt-get install python3.11-venv" in said
    assert not computer.venv.exists()


def test_the_module_venv_is_brought_where_apt_may_be_used(computer: Computer) -> None:
    computer.has("python3", 3, 11, 4, missing=("ensurepip",))
    computer.has("python3-whole", 3, 11, 4)
    for name, does in {
        "sudo": 'shift\nexec "$@"',
        "apt-get": f'[ "$1" = update ] || cp {computer.path}/python3-whole {computer.path}/python3',
        "env": 'shift\nexec "$@"',
    }.items():
        (computer.path / name).write_text(f"#!/bin/sh\n{does}\n")
        (computer.path / name).chmod(0o755)
    (computer.path / "true").symlink_to(shutil.which("true") or "true")
    assert computer.make() == (0, "Installing python3.11-venv with apt-get.\n")
    assert computer.made_with == "3.11.4"
