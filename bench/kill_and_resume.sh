#!/usr/bin/env bash
# Scans killed at random moments and resumed: RIG=DIR bench/kill_and_resume.sh [TIMES]
# DIR holds internet.sh. A scan of 2^20 probes with --state is killed (SIGKILL) after a random time and resumed with
# --resume. Counts the runs whose result differs from an uninterrupted scan, and the runs that lose a printed finding.
. "$(dirname "$0")/lib.sh"
times=${1:-100}
need_root
need ip python3
find_vigie
find_rig internet.sh internet.bpf.c
work=$(mktemp -d)
clean() { "$rig/internet.sh" down; rm -rf "$work"; }
trap clean EXIT
"$rig/internet.sh" down
"$rig/internet.sh" up >/dev/null
ports() { grep '"type":"port"' "$1" | grep '}$' | sed 's/.*"host":"\([^"]*\)".*"port":\([0-9]*\).*/\1 \2/' | sort -u || true; }
args=(scan --authorized bench -n -Pn -sS -p80 11.0.0.0/12 --open -o json)
ip netns exec riga "$vigie" "${args[@]}" >"$work/whole"
ports "$work/whole" >"$work/truth"
[ -s "$work/truth" ] || fail "the uninterrupted scan found no port"
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
