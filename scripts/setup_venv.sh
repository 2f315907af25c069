#!/bin/sh
# Makes the virtual environment and installs a locked list of packages into it, then Pathways itself.
#   setup_venv.sh PYTHON VENV REQUIREMENTS
set -eu
python=$1 venv=$2 list=$3

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    for other in python3.13 python3.12 python3.11; do
        if command -v "$other" >/dev/null 2>&1; then python=$other; break; fi
    done
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Pathways needs Python 3.11 or newer. Install it, or say where it is: make chat PYTHON=/path/to/python3" >&2
    exit 1
fi
if [ ! -x "$venv/bin/python" ]; then
    echo "Making a home for Pathways in $venv ..."
    if ! "$python" -m venv "$venv"; then
        echo "Python cannot make a virtual environment here. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
fi
echo "Installing what Pathways needs (once) ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$list"
if ! said=$("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . 2>&1); then
    printf '%s\n' "$said" >&2  # what the build says while it works is of no use to anybody
    exit 1
fi
echo "Reading the knowledge (once) ..."
"$venv/bin/pathways" ask hello >/dev/null
