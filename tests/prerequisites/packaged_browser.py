"""A browser that comes in a package of npm, for Linux machines that get no other."""

import base64
import hashlib
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.prerequisites.machine import Machine
from tests.prerequisites.node import Node

VERSION: Final = "153.0.0"
SHA512: Final = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
)
"""The package's integrity as the registry of npm states it."""

PARTS: Final = ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar")
UNPACK: Final = """
const { brotliDecompressSync } = require("node:zlib");
const { readFileSync, writeFileSync } = require("node:fs");
writeFileSync(process.argv[2], brotliDecompressSync(readFileSync(process.argv[1])));
"""
# Its own libraries stand in for a system's without them; fonts only where there are none at all.
START: Final = """\
#!/bin/sh
here=$(dirname "$0")
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/own-fonts.conf"
LD_LIBRARY_PATH="$here/lib" exec "$here/chromium" "$@"
"""
FONTS: Final = """\
<?xml version="1.0"?>
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def packaged(machine: Machine) -> Path:
    """Where the packaged browser is started, once it was brought."""
    return machine.build / f"chromium-{VERSION}" / "start"


def bring_package(machine: Machine, node: Node | None) -> bool:
    """Fetch the package `@sparticuz/chromium`, compare it with what is expected, and unpack it."""
    if node is None or (machine.system, machine.architecture) != ("linux", "x86_64"):
        return False
    machine.say("Downloading Chromium in a package of npm; this takes a minute.")
    machine.build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=machine.build, ignore_cleanup_errors=True) as place:
        folder = Path(place)
        fetch = (*node.npm, "pack", f"@sparticuz/chromium@{VERSION}", "--pack-destination", place)
        if not machine.run(fetch):
            return False
        archive = next(folder.glob("*.tgz"))
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
            machine.say("What npm sent is not the package that was expected; it is not used.")
            return False
        return (
            machine.run(("tar", "-xf", str(archive), "-C", place))
            and _unpack(machine, node, folder)
            and _move(folder, packaged(machine).parent)
        )


def _unpack(machine: Machine, node: Node, folder: Path) -> bool:
    made = folder / "made"
    made.mkdir()
    for part in PARTS:
        source, target = folder / "package" / "bin" / f"{part}.br", made / part
        if not machine.run((*node.node, "-e", UNPACK, str(source), str(target))):
            return False
        if target.suffix == ".tar":
            if not machine.run(("tar", "-xf", str(target), "-C", str(made))):
                return False
            target.unlink()
    (made / "own-fonts.conf").write_text(FONTS, encoding="utf-8")
    (made / "start").write_text(START, encoding="utf-8")
    for program in ("start", "chromium"):
        (made / program).chmod(0o755)
    return True


def _move(folder: Path, to: Path) -> bool:
    with suppress(OSError):  # somebody else was faster
        (folder / "made").rename(to)
    return to.is_dir()
