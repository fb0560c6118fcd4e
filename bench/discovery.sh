#!/usr/bin/env bash
# Host discovery in a /16: hosts found and time, beside nmap.
#   bench/discovery.sh link [LIVE [ROUNDS]]           LIVE hosts (200) in an on-link /16
#   RIG=DIR bench/discovery.sh far [LIVE [ROUNDS]]    LIVE hosts (3,000) in a routed /16, 25 ms away, 1 % loss each way,
#                                                     20,000 packets a second, a queue of 500 (DIR holds path.sh and delaybox.c)
# Creates and removes its own namespaces, which have no route outside. Needs root, iproute2, nmap, python3, a release build
# (far: gcc and ethtool too). CAP: maximum time of nmap in seconds (600; 0: skip nmap). VIGIE: another binary. EXTRA: more
# arguments for vigie. ROUNDS: number of runs (1).
. "$(dirname "$0")/lib.sh"
kind=${1:-} live=${2:-} rounds=${3:-1} cap=${CAP:-600}
need_root
need ip nmap python3
find_vigie
work=$(mktemp -d)
at() { ip netns exec "$1" "${@:2}"; }
seconds() { echo "$EPOCHREALTIME $1" | awk '{printf "%.2f", $1 - $2}'; }

# $2 addresses of the /16 that begins with $1, always the same ones, answered by namespace $3.
inhabit() {
  awk -v net="$1" -v n="$2" 'BEGIN { srand(7); while (k < n) { a = net "." int(rand() * 256) "." int(1 + rand() * 254)
    if (!(a in seen) && a != net ".0.1" && a != net ".0.2") { seen[a]; print a; k++ } } }' | sort > "$work/live"
  sed 's/.*/route add local & dev lo/' "$work/live" | at "$3" ip -batch -
}

case $kind in
link)
  clean() { for n in vdisc-s vdisc-t; do ip netns del $n 2>/dev/null || true; done; rm -rf "$work"; }
  trap clean EXIT
  for n in vdisc-s vdisc-t; do ip netns add $n; ip -n $n link set lo up; done
  ip link add d0 netns vdisc-s type veth peer name d0 netns vdisc-t
  ip -n vdisc-s addr add 10.90.0.1/16 dev d0; ip -n vdisc-t addr add 10.90.0.2/16 dev d0
  for n in vdisc-s vdisc-t; do ip -n $n link set d0 up; done
  inhabit 10.90 "$(( ${live:-200} - 1 ))" vdisc-t
  echo 10.90.0.2 >> "$work/live"; sort -o "$work/live" "$work/live"
  from=vdisc-s net=10.90.0.0/16 own=10.90.0.1 ;;
far)
  need gcc ethtool
  find_rig path.sh delaybox.c
  clean() { "$rig/path.sh" down; rm -rf "$work"; }
  trap clean EXIT
  "$rig/path.sh" down
  "$rig/path.sh" up delay_ms=25 loss=0.01 rate_pps=20000 queue=500 seed=1 >/dev/null
  # Only these addresses of the rig's /16 answer.
  at patb ip route del local 10.81.0.0/16 dev lo
  inhabit 10.81 "${live:-3000}" patb
  from=pata net=10.81.0.0/16 own=none ;;
*) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

of=$(wc -l < "$work/live")
for round in $(seq "$rounds"); do
  t0=$EPOCHREALTIME
  # shellcheck disable=SC2086 # words are wanted
  at $from "$vigie" scan --authorized bench -n -sn "$net" --seed "$round" -o json ${EXTRA:-} > "$work/vigie"
  ours=$(seconds "$t0")
  python3 - "$work/vigie" "$work/live" "$own" "$ours" <<'PY'
import json, sys
lines = [json.loads(l) for l in open(sys.argv[1])]
live = set(open(sys.argv[2]).read().split())
up = {l["host"] for l in lines if l["type"] == "host" and l.get("state", "up") == "up"} - {sys.argv[3]}
loss = next(l for l in lines if l["type"] == "loss")
end = next(l for l in lines if l["type"] == "end")
print(f"vigie: {len(up & live)} of {len(live)} found, {len(up - live)} false, in {sys.argv[4]} s; "
      f"{loss['sent']} probes, {loss['sent'] / end['elapsed']:.0f} pps")
PY
  [ "$cap" != 0 ] || continue
  t0=$EPOCHREALTIME ended=
  timeout "$cap" ip netns exec $from nmap -n -sn "$net" -oG "$work/nmap" > /dev/null || ended=" (stopped)"
  theirs=$(seconds "$t0")
  found=$(awk '/Status: Up/ {print $2}' "$work/nmap" | sort -u | comm -12 - "$work/live" | wc -l)
  echo "nmap: $found of $of found in $theirs s$ended; vigie/nmap $(echo "$ours $theirs" | awk '{printf "%.3f", $1 / $2}')"
done
