#!/bin/sh
# Make the virtual environment $1 with the Python $2, or, where none is named, with the first on
# PATH that is new enough. One that is there stays while it works, and unless another Python is
# named than the one it was made with. $1/.created gets a new date when it is made anew.
set -eu
venv=$1 named=${2:-}

fail() { echo "$*" >&2; exit 1; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_pip() { "$1" -c 'import pip' 2>/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
identity() { "$1" -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Debian and Ubuntu keep the module venv in a package of its own.
bring_venv() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null || return 1
    echo "Installing $1 with apt-get."
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes "$1" >/dev/null
}

choose() {
    for each in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if new_enough "$each"; then echo "$each"; return; fi
    done
    return 1
}

here=$venv/bin/python
if new_enough "$here" && has_pip "$here" && { [ -z "$named" ] ||
    [ "$(identity "$here")" = "$(identity "$named")" ]; }; then
    [ -e "$venv/.created" ] || touch "$venv/.created"
    exit 0
fi

if [ -n "$named" ]; then
    found=$(version "$named") || fail "$named is not a Python that runs. Name one that is 3.11 or" \
        "newer, for example: make PYTHON=python3.12 sandbox"
    new_enough "$named" || fail "Python 3.11 or newer is needed, and $named is $found. Name another," \
        "for example: make PYTHON=python3.12 sandbox"
    python=$named
else
    python=$(choose) || fail "Python 3.11 or newer is needed, and python3 on this computer is" \
        "$(version python3 || echo missing). Install one, or name it: make PYTHON=/path/to/python3.12 sandbox"
fi

package=python$(version "$python")-venv
has_venv "$python" || { bring_venv "$package" && has_venv "$python"; } || fail "$python cannot make" \
    "virtual environments. On Debian and Ubuntu run this, then try again: apt-get install $package"

if [ -e "$venv" ]; then
    # Nothing is removed that only bears the name.
    [ -e "$venv/pyvenv.cfg" ] || rmdir "$venv" 2>/dev/null ||
        fail "$venv is no virtual environment; move it away, or name another: make VENV=.venv sandbox"
    echo "Making $venv anew with Python $(version "$python")."
    rm -rf "$venv"
fi
"$python" -m venv "$venv" || { rm -rf "$venv"; fail "$python could not make $venv; see above."; }
touch "$venv/.created"
