#!/bin/sh
# Installs what some tests want from Debian's packages: Chromium looks at the report page, tshark is an
# oracle for the demo's capture, strace makes system calls fail under a case. Without root or apt it says
# what will be skipped, and goes on.
set -u
want=""
command -v chromium >/dev/null 2>&1 || want="$want chromium"
command -v tshark >/dev/null 2>&1 || want="$want tshark"
[ "$(uname -s)" != Linux ] || command -v strace >/dev/null 2>&1 || want="$want strace"
[ -n "$want" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "not installed:$want; the tests that want them will say so and skip"
	exit 0
fi
export DEBIAN_FRONTEND=noninteractive
echo "installing:$want"
log=$(mktemp) || exit 0 # a name that anyone could guess is one that anyone could have laid a link at
if { apt-get update && apt-get install -y --no-install-recommends $want; } >"$log" 2>&1; then
	rm -f "$log"
else
	echo "installing$want did not work (see $log); the tests that want them will say so and skip"
fi
exit 0
