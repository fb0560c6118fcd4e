#!/usr/bin/env bash
# Scans killed at random moments and taken up again: RIG=DIR bench/kill_and_resume.sh [TIMES]
# DIR holds internet.sh. A network of 2^20 probes is scanned with --state, killed (SIGKILL) after a random time, taken
# up by --resume. Counts the runs whose result differs from the truth, and printed findings that the end does not have.
set -euo pipefail
times=${1:-100}
vigie=${VIGIE:-$(cd "$(dirname "$0")/.." && pwd)/target/release/vigie}
rig=${RIG:?the directory of the rig}
work=$(mktemp -d)
clean() { "$rig/internet.sh" down; rm -rf "$work"; }
trap clean EXIT
"$rig/internet.sh" down
"$rig/internet.sh" up >/dev/null
ports() { grep '"type":"port"' "$1" | grep '}$' | sed 's/.*"host":"\([^"]*\)".*"port":\([0-9]*\).*/\1 \2/' | sort -u || true; }
args=(scan --authorized bench -n -Pn -sS -p80 11.0.0.0/12 --open -o json)
ip netns exec riga "$vigie" "${args[@]}" >"$work/whole"
ports "$work/whole" >"$work/truth"
lost=0 differs=0 resumed=0
for i in $(seq "$times"); do
  rm -f "$work/state"
  # shellcheck disable=SC2086 # words are wanted
  ip netns exec riga "$vigie" "${args[@]}" --state "$work/state" ${CAP:---max-rate 400000} >"$work/first" 2>/dev/null &
  pid=$!
  sleep "$(awk -v r=$RANDOM 'BEGIN {printf "%.3f", 0.1 + r / 32768 * 3}')"
  kill -9 $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
  ports "$work/first" >"$work/printed"
  if [ -f "$work/state" ]; then
    resumed=$((resumed + 1))
    ip netns exec riga "$vigie" scan --authorized bench --resume "$work/state" -o json >"$work/second"
  else
    # Killed within the first second, before a checkpoint, or complete: a scan from the start.
    ip netns exec riga "$vigie" "${args[@]}" >"$work/second"
  fi
  ports "$work/second" >"$work/found"
  [ "$(comm -23 "$work/printed" "$work/found" | wc -l)" = 0 ] || lost=$((lost + 1))
  cmp -s "$work/found" "$work/truth" || differs=$((differs + 1))
  if [ $((i % 10)) = 0 ] || [ "$i" = "$times" ]; then
    echo "$i kills, $resumed resumed: $lost lost a printed finding, $differs differ from the whole"
  fi
done
