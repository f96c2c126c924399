#!/bin/sh
# Writes the three lock files for all platforms: hashes, so nobody can swap a file; no addresses, so mirrors work.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --quiet "$@"
}
compile -o requirements.lock
compile --group dev -o requirements-dev.lock
uv pip compile --group node --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
    --no-emit-find-links --quiet -c requirements-dev.lock -o requirements-node.lock
