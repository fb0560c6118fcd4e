#!/usr/bin/env bash
# 256 hosts behind a path with delay, loss and a bottleneck; 200 of the hosts drop everything:
#   RIG=DIR bench/filtered.sh [ROUNDS [PORTS [delay_ms=25 loss=0.01 rate_pps=20000 queue=500]]]
# DIR holds path.sh and delaybox.c. Needs root, iproute2, nftables, gcc, ethtool, python3 and a release build. Prints for each
# round how many of the 56 answering hosts have every port closed, how many of the 200 have every port filtered, and the
# time divided by the time that the bottleneck needs for the probes sent.
. "$(dirname "$0")/lib.sh"
rounds=${1:-3} ports=${2:-1-1000}; shift $(( $# < 2 ? $# : 2 ))
settings=("$@"); [ $# -gt 0 ] || settings=(delay_ms=25 loss=0.01 rate_pps=20000 queue=500)
need_root
need ip nft gcc ethtool python3
find_vigie
find_rig path.sh delaybox.c
work=$(mktemp -d)
clean() { "$rig/path.sh" down; rm -rf "$work"; }
trap clean EXIT
rate=$(printf '%s\n' "${settings[@]}" | sed -n 's/^rate_pps=//p')
[ -n "$rate" ] || fail "the settings need rate_pps=N"
for round in $(seq "$rounds"); do
  "$rig/path.sh" down
  "$rig/path.sh" up "${settings[@]}" seed="$round" >/dev/null
  ip netns exec patb nft 'add table ip f; add chain ip f i { type filter hook input priority 0; }; add rule ip f i ip daddr 10.81.0.0-10.81.0.199 drop'
  t0=$EPOCHREALTIME
  ip netns exec pata "$vigie" scan --authorized bench -n -Pn -sS -p "$ports" 10.81.0.0/24 --seed "$round" -o json >"$work/out"
  s=$(echo "$EPOCHREALTIME $t0" | awk '{printf "%.2f", $1 - $2}')
  python3 - "$work/out" "$s" "$rate" <<'PY'
import json, sys
lines = [json.loads(l) for l in open(sys.argv[1])]
took, rate = float(sys.argv[2]), float(sys.argv[3])
closed = filtered = 0
for host in (l for l in lines if l["type"] == "host"):
    states = [c["state"] for c in host["counts"]]
    closed += states == ["closed"]
    filtered += states == ["filtered"]
sent = next(l["sent"] for l in lines if l["type"] == "loss")
print(f"{closed} of 56 all closed, {filtered} of 200 all filtered, {took:.2f} s for {sent} probes: "
      f"{took * rate / sent:.2f} of the bottleneck's time")
PY
done
