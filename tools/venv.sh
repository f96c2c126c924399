#!/bin/sh
# Makes the virtual environment with the newest Python that is 3.11 or later, or says in words that there is none.
set -eu
for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$name" -m venv "$1"
        exit 0
    fi
done
echo "Potok needs Python 3.11 or newer with the venv module (Debian: apt-get install python3 python3-venv)." >&2
exit 1
