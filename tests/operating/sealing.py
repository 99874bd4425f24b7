"""Run a command as a container does: a disk that cannot be written to, no home, and no rights."""

import functools
import os
import shlex
import shutil
import subprocess
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.clocks import bare_environment

NONE: Mapping[str, str] = types.MappingProxyType({})
WITHOUT_HOME = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}


@functools.cache
def may_seal() -> bool:
    """Whether this process may make a disk read-only for its children."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        return False
    tried = ["unshare", "--mount", "mount", "-o", "remount,bind,ro", "/"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


@dataclass(frozen=True)
class Sealed:
    """A disk on which one folder alone can be written to, if any."""

    writable: Path | None = None

    def command(self, wanted: Sequence[str], variables: Mapping[str, str] = NONE) -> list[str]:
        """Write a command so that it runs with these variables alone, and without rights."""
        names = {
            **bare_environment(),
            **WITHOUT_HOME,
            "TMPDIR": str(self.writable or "/nonexistent"),
            **variables,
        }
        clean = ["env", "-i", *(f"{name}={value}" for name, value in names.items()), *wanted]
        if not may_seal():
            return clean
        steps = ["mount --make-rprivate /"]
        if self.writable:
            place = shlex.quote(str(self.writable))
            steps += [f"mount --bind {place} {place}"]
        steps += ["mount -o remount,bind,ro /", "cd /"]
        # The user stays: nobody else may be able to read where this Python stands.
        rightless = ["setpriv", "--bounding-set=-all", "--no-new-privs"]
        steps.append(f"exec {shlex.join([*rightless, *clean])}")
        return ["unshare", "--mount", "sh", "-ec", "; ".join(steps)]

    def run(
        self, wanted: Sequence[str], variables: Mapping[str, str] = NONE
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = self.command(wanted, variables)
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
