#!/bin/sh
# Fuzzes every target in the repository for the given time each, one after the other, then sends mutated
# frames (WRIT_FRAMES of them) through the whole pipeline. What a target finds lies in its package's
# testdata/fuzz: keep it there with the fix. Usage: fuzz.sh [TIME [PATTERN OF PACKAGES AND TARGETS]]
set -eu
cd "$(dirname "$0")/.."
time=${1:-30s}
pattern=${2:-.}
frames=${WRIT_FRAMES:-10000000}

targets=$(grep -rn --include='*_test.go' -E '^func Fuzz[A-Z][A-Za-z0-9_]*\(' . |
	sed -E 's|^\./(.*)/[^/]*:[0-9]+:func (Fuzz[A-Za-z0-9_]*)\(.*|\1 \2|; s|^\./[^/:]*:[0-9]+:func (Fuzz[A-Za-z0-9_]*)\(.*|. \1|' |
	sort | grep -E "$pattern" || true)
n=0 bad=""
IFS='
'
for t in $targets; do
	pkg=${t% *} f=${t#* }
	n=$((n + 1))
	echo "== $pkg $f $time"
	# Making small what is merely new to the coverage takes a minute each by default: the time is for looking.
	if ! go test -run '^$' -fuzz "^$f\$" -fuzztime "$time" -fuzzminimizetime 10x "./$pkg"; then
		bad="$bad
$pkg $f"
	fi
done
if [ "$pattern" = . ]; then
	echo "== internal/observe, $frames mutated frames"
	WRIT_FRAMES=$frames go test -run MutatedFrames -timeout 2h ./internal/observe || bad="$bad
internal/observe mutated frames"
fi
if [ -n "$bad" ]; then
	echo "found something in:$bad"
	exit 1
fi
echo "$n targets, nothing found"
