#!/usr/bin/env bash
# All 65,535 TCP ports of one near host, vigie and nmap in turns: bench/near_host.sh [ROUNDS]
# Creates and removes two namespaces joined by a veth pair, with no route outside. Needs root, iproute2, nmap and a
# release build (cargo build --release). Prints each round and the median of the ratios.
. "$(dirname "$0")/lib.sh"
rounds=${1:-5}
need_root
need ip nmap
find_vigie
a=vgnear-a b=vgnear-b
clean() { ip netns del $a 2>/dev/null || true; ip netns del $b 2>/dev/null || true; }
trap clean EXIT
clean
ip netns add $a; ip netns add $b
ip link add near0 netns $a type veth peer name near1 netns $b
ip -n $a addr add 10.99.0.1/24 dev near0; ip -n $b addr add 10.99.0.2/24 dev near1
for x in "$a near0" "$a lo" "$b near1" "$b lo"; do ip -n ${x% *} link set ${x#* } up; done
seconds() { local t0=$EPOCHREALTIME; ip netns exec $a "$@" >/dev/null; local t1=$EPOCHREALTIME; echo "$t1 $t0" | awk '{printf "%.3f", $1 - $2}'; }
ratios=()
for _ in $(seq "$rounds"); do
  v=$(seconds "$vigie" scan -n -Pn -sS -p- 10.99.0.2)
  n=$(seconds nmap -n -Pn -sS -p- 10.99.0.2)
  r=$(echo "$v $n" | awk '{printf "%.2f", $1 / $2}'); ratios+=("$r")
  echo "vigie $v s   nmap $n s   ratio $r"
done
printf '%s\n' "${ratios[@]}" | sort -n | awk '{x[NR]=$1} END {print "median ratio " x[int((NR + 1) / 2)]}'
