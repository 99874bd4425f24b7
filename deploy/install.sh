#!/bin/sh
# Install Coachbot into the folder PREFIX, from the lock and from this copy of the source:
#     deploy/install.sh PREFIX
# PYTHON names another Python than python3. Nothing is left there that builds or installs packages,
# and nothing has to be written there afterwards, so the folder may be read-only.
set -eu

[ $# -eq 1 ] || { echo "Say where to: deploy/install.sh PREFIX" >&2; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed. Name one: PYTHON=python3.12 deploy/install.sh $1" >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv --clear "$prefix"
pip() { "$prefix/bin/python" -m pip --quiet --disable-pip-version-check --no-input "$@"; }
pip install --no-deps --require-hashes --requirement "$source/requirements.lock"

# The wheel is built from a copy, so that nothing is written beside the source.
mkdir "$work/source"
for each in pyproject.toml README.md LICENSE bot storage; do
    cp -R "$source/$each" "$work/source/"
done
pip wheel --no-deps --no-build-isolation --wheel-dir "$work" "$work/source"
pip install --no-deps --no-index "$work"/coachbot-*.whl
pip check

# Whatever the source has, the installation has: pages, fonts, roles, migrations.
(cd / && "$prefix/bin/python" -I - "$source" <<'END'
import sys
from importlib.util import find_spec
from pathlib import Path

source = Path(sys.argv[1])
installed = {name: Path(find_spec(name).origin).parent for name in ("bot", "storage")}
files = [
    each.relative_to(source)
    for name in installed
    for each in (source / name).rglob("*")
    if each.is_file() and "__pycache__" not in each.parts
]
missing = [
    str(each)
    for each in files
    if not installed[each.parts[0]].joinpath(*each.parts[1:]).is_file()
]
if not files or missing:
    sys.exit("Missing from the installation: " + ", ".join(missing or ["everything"]))
END
)

pip uninstall --yes setuptools
pip uninstall --yes pip
cp "$source/deploy/healthcheck.py" "$prefix/healthcheck.py"
"$prefix/bin/coachbot" --help >"$work/help"
echo "Installed: $prefix/bin/coachbot"
