#!/usr/bin/env bash
# Scans of 16.7 million probes, with default and with little memory: RIG=DIR bench/large.sh
# DIR holds internet.sh. Prints for each scan: time, resident memory, loss statistics, and the rig's packet counters.
. "$(dirname "$0")/lib.sh"
need_root
need ip
[ -x /usr/bin/time ] || fail "not installed: GNU time (/usr/bin/time)"
find_vigie
find_rig internet.sh internet.bpf.c
work=$(mktemp -d)
clean() { "$rig/internet.sh" down; rm -rf "$work"; }
trap clean EXIT
"$rig/internet.sh" down
"$rig/internet.sh" up >/dev/null
run() {
  "$rig/internet.sh" reset
  # %e seconds, %M kilobytes.
  ip netns exec riga /usr/bin/time -f '%e s, %M kB resident' -o "$work/time" \
    "$vigie" scan --authorized bench -n -Pn -sS "$@" --open -o json >"$work/out"
  echo "== $*: $(cat "$work/time"), $(grep -c '"type":"port"' "$work/out" || fail "no open port found") open"
  grep -E '"type":"(loss|warning|end)"' "$work/out"
  "$rig/internet.sh" count | tr '\n' ' '
  echo
}
run -p80 11.0.0.0/12
run -p80 11.0.0.0/8
run -p80 --memory 256K 11.0.0.0/8
run -p1-256 11.0.0.0/16
run -p1-256 --memory 256K 11.0.0.0/16
