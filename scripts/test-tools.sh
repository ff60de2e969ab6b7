#!/bin/sh
# Installs what some tests want from Debian's packages: Chromium looks at the report page, tshark is an
# oracle for the demo's capture. Without root or apt it says what will be skipped, and goes on.
set -u
want=""
command -v chromium >/dev/null 2>&1 || want="$want chromium"
command -v tshark >/dev/null 2>&1 || want="$want tshark"
[ -n "$want" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "not installed:$want; the tests that want them will say so and skip"
	exit 0
fi
export DEBIAN_FRONTEND=noninteractive
echo "installing:$want"
if ! { apt-get update && apt-get install -y --no-install-recommends $want; } >/tmp/writ-test-tools.log 2>&1; then
	echo "installing$want did not work (see /tmp/writ-test-tools.log); the tests that want them will say so and skip"
fi
exit 0
