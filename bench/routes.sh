#!/usr/bin/env bash
# Traces the routes to 50 targets behind a chain of eight routers, vigie and nmap in turns, and compares every route with
# the truth. The script creates and removes its namespaces. The routers are Linux with default settings: a burst of six
# ICMP errors per peer, then one a second.
#
#   bench/routes.sh VIGIE [ROUNDS] [TARGET NETWORKS] [4|6]
#
# With 2 networks (the default) half of the targets are behind the seventh router and half behind the eighth; with 50
# every target is in its own network behind the eighth. Needs root, iproute2, python3, bc and nmap.
. "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || fail "usage: bench/routes.sh VIGIE [ROUNDS] [TARGET NETWORKS] [4|6]"
need_root
need ip nmap python3 bc
find_vigie "$1"
rounds=${2:-5} networks=${3:-2} family=${4:-4}
routers=8 targets=50 p=vgroutes$$
out=$(mktemp -d)
ns() { ip netns exec "$p-$1" "${@:2}"; }
clean() {
  for i in $(seq 0 $((routers + 2))); do ip netns del "$p-$i" 2>/dev/null || true; done
  rm -r "$out"
}
trap clean EXIT

# Node 0 scans, 1 to 8 are routers, 9 has the targets behind router 8, 10 those behind router 7.
for i in $(seq 0 $((routers + 2))); do
  ip netns add "$p-$i"
  ns "$i" ip link set lo up
  ns "$i" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0
done
join() { # left right link
  ip link add "l$3" netns "$p-$1" type veth peer name "r$3" netns "$p-$2"
  ns "$1" ip link set "l$3" up
  ns "$2" ip link set "r$3" up
  ns "$1" ip addr add "10.90.$3.1/24" dev "l$3"
  ns "$2" ip addr add "10.90.$3.2/24" dev "r$3"
  ns "$1" ip addr add "fd90:0:0:$3::1/64" dev "l$3" nodad
  ns "$2" ip addr add "fd90:0:0:$3::2/64" dev "r$3" nodad
}
for i in $(seq 0 $routers); do join "$i" $((i + 1)) "$i"; done
join 7 10 20
for i in $(seq 0 $((routers + 2))); do
  if [ "$i" -le $routers ] && [ "$i" -ne 10 ]; then
    ns "$i" ip route add 10.91.0.0/16 via "10.90.$i.2"
    ns "$i" ip -6 route add fd91::/32 via "fd90:0:0:$i::2"
  fi
  back=$((i - 1)) link=$((i - 1))
  [ "$i" -eq 10 ] && back=7 link=20
  if [ "$i" -gt 0 ]; then
    ns "$i" ip route add default via "10.90.$link.1"
    ns "$i" ip -6 route add default via "fd90:0:0:$link::1"
  fi
done
: > "$out/list"
: > "$out/truth"
for n in $(seq 0 $((targets - 1))); do
  if [ "$networks" -eq 2 ]; then net=$((n % 2)) host=$((n / 2 + 1)); else net=$((2 * n)) host=1; fi
  at=9 last=8
  if [ "$networks" -eq 2 ] && [ $net -eq 1 ]; then at=10 last=7; fi
  if [ "$family" -eq 4 ]; then ip=10.91.$net.$host; else ip=fd91:0:0:$net::$host; fi
  ns $at ip addr add "$ip" dev lo
  echo "$ip" >> "$out/list"
  for i in $(seq 0 $((last - 1))); do
    if [ "$family" -eq 4 ]; then printf '10.90.%s.2 ' "$i"; else printf 'fd90:0:0:%s::2 ' "$i"; fi
  done >> "$out/truth"
  echo "$ip" >> "$out/truth"
done
if [ "$networks" -eq 2 ]; then
  ns 7 ip route add 10.91.1.0/24 via 10.90.20.2
  ns 7 ip -6 route add fd91:0:0:1::/64 via fd90:0:0:20::2
fi
sleep 2 # addresses settle

cat > "$out/compare.py" <<'PY'
import ipaddress, json, sys, xml.etree.ElementTree as xml
kind, file, truth = sys.argv[1:4]
address = ipaddress.ip_address
wanted = {}
for line in open(truth):
    route = [address(a) for a in line.split()]
    wanted[route[-1]] = route
found = {}
if kind == "vigie":
    for line in map(json.loads, open(file)):
        if line["type"] == "path":
            found[address(line["host"])] = [address(h["ip"]) if "ip" in h else None for h in line["hops"]]
else:
    for host in xml.parse(file).iter("host"):
        hops = {int(h.get("ttl")): address(h.get("ipaddr")) for h in host.iter("hop")}
        ip = address(host.find("address").get("addr"))
        found[ip] = [hops.get(t) for t in range(1, max(hops, default=0) + 1)]
right = sum(found.get(ip) == route for ip, route in wanted.items())
wrong = sum(a is not None and b is not None and a != b
            for ip, route in wanted.items() for a, b in zip(found.get(ip, []), route))
missing = sum(len(route) - sum(h is not None for h in found.get(ip, [])) for ip, route in wanted.items())
print(f"{right} of {len(wanted)} routes right, {wrong} hops wrong, {missing} hops missing")
PY

six=; [ "$family" -eq 6 ] && six=-6
for round in $(seq "$rounds"); do
  for tool in vigie nmap; do
    sleep 8 # the routers' token buckets refill
    begin=$(date +%s.%N)
    if [ $tool = vigie ]; then
      # shellcheck disable=SC2086
      ns 0 "$vigie" scan $six -sn -PE -n --traceroute --authorized "this measurement" -iL "$out/list" -o json > "$out/vigie"
    else
      # shellcheck disable=SC2086
      ns 0 nmap $six -sn -PE -n --traceroute -iL "$out/list" -oX "$out/nmap" > /dev/null
    fi
    took=$(echo "$(date +%s.%N) - $begin" | bc)
    echo "$took" >> "$out/$tool.times"
    echo "round $round, $tool: $took s, $(python3 "$out/compare.py" $tool "$out/$tool" "$out/truth")"
  done
done
python3 - "$out/vigie.times" "$out/nmap.times" <<'PY'
import statistics, sys
ours, theirs = ([float(l) for l in open(f)] for f in sys.argv[1:3])
pairs = [a / b for a, b in zip(ours, theirs)]
print(f"medians: vigie {statistics.median(ours):.2f} s, nmap {statistics.median(theirs):.2f} s; "
      f"ratio of the medians {statistics.median(ours) / statistics.median(theirs):.2f}, "
      f"by round {min(pairs):.2f} to {max(pairs):.2f}")
PY
