#!/usr/bin/env bash
# Times a warm 200 x 200 cutout over HTTP beside a route that does no work and sends as many bytes, by wrk (Debian: wrk):
#   tests/bench/serve.sh [SECONDS]
# SPDX-License-Identifier: BSD-3-Clause
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-5}
bin=${RECORTE_BIN:-build/release/bin}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT

"$bin/recorte" serve --data "$work/data" --listen 127.0.0.1:0 >"$work/serve" 2>"$work/log" &
"$bin/bench_edge" 0 1 >"$work/edge" &
until grep -q listening "$work/serve" && grep -q http "$work/edge"; do sleep 0.1; done
service=$(grep -o 'http://[^ ]*' "$work/serve")
nothing=$(grep -o 'http://[^ ]*' "$work/edge")
cutout="$service/api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=200px&bands=g"
bytes=$(curl -sf "$cutout" | wc -c)

rate() { wrk -t1 -c"$1" -d"$seconds" --latency "$2" | awk '/50%/ {m=$2} /Requests\/sec/ {r=$2} END {print r, m}'; }
printf '%-12s %22s %22s %8s\n' connections "cutout /s, median" "no work /s, median" ratio
for connections in 1 2 8 32; do
  read -r made made_median < <(rate "$connections" "$cutout")
  read -r idle idle_median < <(rate "$connections" "$nothing/file/$bytes")
  printf '%-12s %12s %9s %12s %9s %8.1f\n' "$connections" "$made" "$made_median" "$idle" "$idle_median" "$(echo "$idle / $made" | bc -l)"
done
echo "$bytes bytes each"
