#!/bin/sh
# Finds a Chromium for the browser tests or installs it on Debian; otherwise says in one line what to do.
set -u
. "$(dirname "$0")/find_chromium.sh"
[ -n "$(find_chromium)" ] && exit 0
if command -v apt-get >/dev/null 2>&1; then
    run=""
    [ "$(id -u)" = 0 ] || run="sudo -n"
    echo "Installing Debian's chromium-headless-shell for the browser tests"
    log=$(mktemp)
    if { $run apt-get update && DEBIAN_FRONTEND=noninteractive $run apt-get install -y --no-install-recommends chromium-headless-shell; } >"$log" 2>&1 \
        && [ -n "$(find_chromium)" ]; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    echo "No Chromium. Run: sudo apt install chromium-headless-shell, then make test again." >&2
else
    echo "No Chromium. Install Chromium or Chrome, or name it in CHROMIUM=/path/to/it, then make test again." >&2
fi
exit 1
