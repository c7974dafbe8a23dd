#!/bin/sh
# Installs one lock file, every package checked against its hash, into .venv.
#   python.sh run|test
set -eu
lock=deploy/requirements/$1.txt
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 eller nyare behövs · Python 3.11 or newer is needed (PYTHON=… make run)" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv || {
        echo "Paketet python3-venv saknas · The package python3-venv is missing" >&2
        exit 1
    }
fi
quiet="-q --disable-pip-version-check --require-hashes"
if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install $quiet -r deploy/requirements/bootstrap.txt
fi
# pip knows mirrors that were set up for pip alone: it is slower, and the second try. Compiled now,
# as seven processes that start at once would each do it for themselves.
.venv/bin/uv pip install -q --compile-bytecode --python .venv/bin/python --require-hashes -r "$lock" 2>/dev/null ||
    .venv/bin/python -m pip install $quiet -r "$lock"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation \
    --no-index -e .
