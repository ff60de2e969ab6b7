#!/bin/sh
# Speed and memory as ratios to the bare walk of a capture and to peers, all in one run: absolute times
# drift with the machine. Wants the shared bench tools beside the checkout (../shared/bench), and says what
# is absent. WRIT_BENCH is where captures are kept between runs; WRIT_BENCH_FLEET=0 leaves out the large one.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -eu
cd "$(dirname "$0")/.."
shared=../shared/bench
dir=${WRIT_BENCH:-${TMPDIR:-/tmp}/writ-bench}
mkdir -p "$dir"
export CGO_ENABLED=0
absent=()

echo "== law: the whole catalogue"
go test -run '^$' -bench 'Load$|LoadCarried$|LoadFacts|Compile$' -benchtime 20x ./law ./judge | grep -E '^Benchmark' || absent+=("a benchmark of the catalogue")
echo "== hot path: allocations a frame"
go test -run '^$' -bench 'Pipeline$|Segment$|Decode$' -benchmem ./internal/observe ./internal/flow ./internal/packet | grep -E '^Benchmark'

if [ ! -d "$shared" ]; then
	echo "not measured: captures and floor (no $shared beside the checkout)"
	exit 0
fi
go build -trimpath -o "$dir/writ" ./cmd/writ
(cd "$shared" && go build -o "$dir/floor" ./floor && go build -o "$dir/gen" ./gen)
[ -s "$dir/d1k.pcap" ] || "$dir/gen" synth -devices 1000 -mb 200 -o "$dir/d1k.pcap"

TIMEFORMAT='%3U %3S'
# cpu TIMES COMMAND...: user and system milliseconds of one of that many runs, the least of three rounds.
cpu() {
	local times=$1 best=0 ms round i
	shift
	for round in 1 2 3; do
		ms=$({ time for ((i = 0; i < times; i++)); do "$@" >/dev/null 2>&1 || true; done; } 2>&1 | awk -v n="$times" '{print ($1+$2)*1000/n}')
		best=$(awk -v a="$best" -v b="$ms" 'BEGIN{print (a==0||b<a)?b:a}')
	done
	echo "$best"
}

f=$dir/d1k.pcap
packets=$("$dir/writ" observe --format json "$f" | awk -F'[:,]' '/"counters"/{for(i=1;i<NF;i++)if($i~/"frames"/)print $(i+1)}')
cat "$f" >/dev/null
echo "== wire: $packets packets of 1,000 devices, CPU (user + system)"
floor=$(cpu 5 "$dir/floor" "$f")
row() { # NAME TIMES COMMAND...
	local name=$1 times=$2 ms
	shift 2
	if ! command -v "$1" >/dev/null 2>&1; then
		absent+=("$name")
		return
	fi
	ms=$(cpu "$times" "$@")
	[ "$name" != "writ observe" ] || ours=$ms
	awk -v n="$name" -v ms="$ms" -v p="$packets" -v f="$floor" -v o="${ours:-0}" 'BEGIN{
		printf "%-34s %7.0f ns/packet  %6.1f x the walk", n, ms*1e6/p, ms/f
		if (o > 0 && ms != o) printf "  %5.1f x writ", ms/o
		print ""}'
}
row "bare walk" 5 "$dir/floor" "$f"
row "writ observe" 3 "$dir/writ" observe --format jsonl "$f"
row "SHA-256 of the file (openssl)" 3 openssl dgst -sha256 "$f"
row "ndpiReader" 1 ndpiReader -i "$f" -q
row "softflowd" 1 softflowd -d -r "$f" -n 127.0.0.1:9995
row "Suricata, EVE" 1 suricata -r "$f" -k none -S /dev/null --runmode single -l "$dir"
row "tshark, I/O statistics" 1 tshark -n -r "$f" -q -z io,stat,0

if [ "${WRIT_BENCH_FLEET:-1}" != 0 ]; then
	g=$dir/d100k.pcap
	[ -s "$g" ] || "$dir/gen" synth -devices 100000 -mb 1000 -o "$g"
	echo "== memory: 100,000 devices, peak resident"
	if [ -x /usr/bin/time ]; then
		for tool in "$dir/writ observe --format jsonl $g" "ndpiReader -i $g -q"; do
			command -v "${tool%% *}" >/dev/null 2>&1 || continue
			/usr/bin/time -f "%M" -o "$dir/rss" $tool >/dev/null 2>&1 || true
			awk -v n="$(basename "${tool%% *}")" '{printf "%-34s %7.0f MiB\n", n, $1/1024}' "$dir/rss"
		done
	else
		absent+=("peak memory (no /usr/bin/time)")
	fi
fi
[ ${#absent[@]} = 0 ] || { printf 'not measured:'; printf ' %s;' "${absent[@]}"; echo; }
