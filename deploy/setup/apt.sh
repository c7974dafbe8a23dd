#!/bin/sh
# Installs Debian packages that are missing, without letting any of them start a service.
#   apt.sh PACKAGE...
# As root, or with `sudo` that asks nothing; else it says what to install and ends with 1.
set -eu

if [ "$(id -u)" = 0 ]; then
    as_root() { "$@"; }
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root() { sudo -n "$@"; }
else
    echo "Paket saknas. Kör detta som administratör, och försök igen:" >&2
    echo "Packages are missing. Run this as an administrator, and try again:" >&2
    echo "    apt-get install --no-install-recommends $*" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "Installera detta med systemets pakethanterare, och försök igen · Install these with" \
        "the system's package manager, and try again: $*" >&2
    exit 1
fi

# Debian asks this program before it starts a service (invoke-rc.d(8)). One that is there already
# is somebody's decision, and stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'as_root rm -f "$policy"' EXIT INT TERM
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
fi

log=$(mktemp)
install() {
    as_root apt-get update -q -o Acquire::Languages=none &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
            --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
            -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@"
}
if ! install "$@" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get kunde inte installera · could not install: $*" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
