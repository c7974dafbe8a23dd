#!/bin/sh
# Makes sure that there is a browser for tests/browser: Debian's chromium without what only a screen
# needs (a page takes half the CPU) or, where that is not to be had, whichever is there; and the
# library that Playwright's driver needs beside it.
#   browser.sh STAMP    where it is kept that it was looked for, once
set -eu
stamp=$1
apt=$(dirname "$0")/apt.sh
there() { command -v "$1" >/dev/null; }
a_browser() { there chromium || there chromium-browser || there google-chrome; }

ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
if ! "$ldconfig" -p 2>/dev/null | grep -q 'libatomic\.so\.1'; then
    echo "Installerar · Installing: libatomic1"
    "$apt" libatomic1
fi
if ! there chromium-headless-shell && ! { a_browser && [ -e "$stamp" ]; }; then
    # Of the version that is there, if one is: both share files, and nobody asked for another one.
    version=$(dpkg-query -W -f '${Version}' chromium 2>/dev/null || true)
    echo "Installerar · Installing: chromium-headless-shell"
    if ! timeout 300 "$apt" "chromium-headless-shell${version:+=$version}" >/dev/null 2>&1 && ! a_browser; then
        echo "Installerar · Installing: chromium"
        "$apt" chromium
    fi
fi
touch "$stamp"
