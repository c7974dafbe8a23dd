#!/bin/sh
# Makes sure that there is a browser for tests/browser: Debian's chromium, and the library that
# Playwright's driver needs beside it.
set -eu
missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null || missing="chromium"
ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
"$ldconfig" -p 2>/dev/null | grep -q 'libatomic\.so\.1' || missing="$missing libatomic1"
[ -n "$missing" ] || exit 0
echo "Installerar · Installing: $missing"
# shellcheck disable=SC2086 - a list of package names
exec "$(dirname "$0")/apt.sh" $missing
