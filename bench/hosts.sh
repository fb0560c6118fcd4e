#!/usr/bin/env bash
# Networks of namespaces for measuring host discovery, with no route outside. Needs root and iproute2.
#   hosts.sh link  [LIVE]   an on-link /16 with LIVE hosts (200)
#   hosts.sh far   [LIVE]   a routed /16 with LIVE hosts (3,000), 1 % loss each way
#   hosts.sh row   [HOSTS]  a chain of eight routers with HOSTS hosts behind it (50)
#   hosts.sh down           removes them
# Then: ip netns exec vhosts-s PROGRAM ARGS. The live addresses are in $TMPDIR/vhosts-live.
. "$(dirname "$0")/lib.sh"
need_root
need ip

live=${TMPDIR:-/tmp}/vhosts-live
at() { ip netns exec "vhosts-$1" "${@:2}"; }

down() {
  for ns in $(ip netns list | awk '/^vhosts-/ {print $1}'); do ip netns del "$ns"; done
  rm -f "$live"
}

# Namespaces $1 and $2 joined by a link with the addresses $3 and $4.
join() {
  for ns in "$1" "$2"; do
    ip netns list | grep -q "^vhosts-$ns\b" || ip netns add "vhosts-$ns"
    at "$ns" ip link set lo up
  done
  ip link add "to-$2" netns "vhosts-$1" type veth peer name "to-$1" netns "vhosts-$2"
  at "$1" ip addr add "$3" dev "to-$2"
  at "$2" ip addr add "$4" dev "to-$1"
  at "$1" ip link set "to-$2" up
  at "$2" ip link set "to-$1" up
}

# $2 addresses of the /16 that begins with $1, always the same ones, answered by namespace $3.
inhabit() {
  awk -v net="$1" -v n="$2" 'BEGIN { srand(7); while (k < n) { a = net "." int(rand() * 256) "." int(1 + rand() * 254)
    if (!(a in seen) && a != net ".0.1" && a != net ".0.2") { seen[a]; print a; k++ } } }' > "$live"
  sed 's/.*/route add local & dev lo/' "$live" | at "$3" ip -batch -
}

case ${1:-} in
link)
  down
  join s t 10.90.0.1/16 10.90.0.2/16
  inhabit 10.90 $(( ${2:-200} - 1 )) t
  echo 10.90.0.2 >> "$live"
  ;;
far)
  down
  join s r 10.91.0.1/24 10.91.0.2/24
  join r t 10.91.1.1/24 10.91.1.2/24
  at s ip route add default via 10.91.0.2
  at r ip route add 10.92.0.0/16 via 10.91.1.2
  at t ip route add default via 10.91.1.1
  at r sysctl -qw net.ipv4.ip_forward=1
  at r nft 'add table ip loss; add chain ip loss f { type filter hook forward priority 0; }; add rule ip loss f numgen random mod 100 < 1 drop'
  inhabit 10.92 "${2:-3000}" t
  ;;
row)
  down
  before=s
  for i in $(seq 1 9); do
    next=r$i; [ "$i" -le 8 ] || next=t
    join "$before" "$next" "10.93.$i.1/24" "10.93.$i.2/24"
    before=$next
  done
  at s ip route add default via 10.93.1.2
  for i in $(seq 1 8); do
    at "r$i" sysctl -qw net.ipv4.ip_forward=1
    at "r$i" ip route add default via "10.93.$((i + 1)).2"
    for back in $(seq 1 $((i - 1))); do at "r$i" ip route add "10.93.$back.0/24" via "10.93.$i.1"; done
  done
  at t ip route add default via 10.93.9.1
  for n in $(seq 10 $((9 + ${2:-50}))); do at t ip addr add "10.93.9.$n/24" dev to-r8; echo "10.93.9.$n"; done > "$live"
  ;;
down) down ;;
*) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
