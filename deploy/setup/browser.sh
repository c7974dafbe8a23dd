#!/bin/sh
# Makes sure that there is a browser for tests/browser: Debian's chromium.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
echo "Installerar · Installing: chromium"
exec "$(dirname "$0")/apt.sh" chromium
