#!/bin/sh
# Fuzzes every target for the given time each, one after the other.
set -eu
time=${1:-30s}
for pkg in $(go list ./...); do
	for f in $(go test -list '^Fuzz' "$pkg" | grep '^Fuzz' || true); do
		echo "== $pkg $f $time"
		go test -run '^$' -fuzz "^$f\$" -fuzztime "$time" "$pkg"
	done
done
