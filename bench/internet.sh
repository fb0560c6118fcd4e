#!/usr/bin/env bash
# A synthetic internet: vigie, a sender that only sends (the ceiling), masscan and zmap in turns:
#   RIG=DIR bench/internet.sh [ROUNDS [LOSS]]
# DIR holds internet.sh (an XDP program that answers for 11.0.0.0/8 behind a veth pair), internet.bpf.c and ceiling.c.
# Needs root, iproute2, clang, libbpf-dev, libxdp-dev, bpftool, gcc, python3, GNU time, a release build (cargo build
# --release), and masscan and zmap (ALONE=1 leaves them out). Prints a line for each run: the sender's rate, or seconds,
# open ports found and peak memory; the send rate at full speed as the interface counts it (send_rate.py); then the
# ratios of the medians.
. "$(dirname "$0")/lib.sh"
rounds=${1:-3} loss=${2:-0}
here=$(cd "$(dirname "$0")" && pwd)
need_root
need ip clang bpftool gcc python3
[ -x /usr/bin/time ] || fail "not installed: GNU time (/usr/bin/time)"
[ -n "${ALONE:-}" ] || need masscan zmap
find_vigie
find_rig internet.sh internet.bpf.c ceiling.c
work=$(mktemp -d)
clean() { "$rig/internet.sh" down; rm -rf "$work"; }
trap clean EXIT
gcc -O2 -o "$work/ceiling" "$rig/ceiling.c" -lxdp -lbpf
"$rig/internet.sh" down
"$rig/internet.sh" up 0 0 0 "$loss" >/dev/null
mac=$(ip -n rigb link show rig1 | awk '/ether/ {print $2}')
n=$((1 << 20)) there=65303
inside() { ip netns exec riga "$@"; }
# name, then a command that prints one line for each open port on standard output
scan() {
  local name=$1; shift
  /usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$work/out" 2>"$work/err" || fail "$name failed: $(tail -3 "$work/err")"
  read -r s kb < <(tail -1 "$work/time")
  local found; found=$(found "$name")
  echo "$name $s s $found of $there $((kb / 1024)) MB"
  echo "$s" >>"$work/$name"
}
found() {
  case $1 in
  vigie*) grep -c '"type":"port"' "$work/out" || true ;;
  *) sort -u "$work/out" | grep -c . || true ;;
  esac
}
ceiling() {
  local kpps; kpps=$(inside "$work/ceiling" "$1" rig0 "$mac" $n | awk '{print $6}')
  echo "ceiling-$1 $kpps kpps"
  awk -v n=$n -v k="$kpps" 'BEGIN {print n / k / 1000}' >>"$work/ceiling-$1"
}
rate() {
  local name=$1; shift
  local kpps; kpps=$(inside python3 "$here/send_rate.py" rig0 "$@" | awk '{print $1}')
  echo "$name at full speed $kpps kpps"
  echo "$kpps" >>"$work/rate-$name"
}
v=("$vigie" scan --authorized bench -n -Pn -sS -p80 11.0.0.0/12 --open -o json)
# zmap renamed its blocklist option in version 3.
list=blocklist; [ -n "${ALONE:-}" ] || [[ $(zmap --help 2>&1 || true) != *blacklist-file* ]] || list=blacklist
for _ in $(seq "$rounds"); do
  ceiling mmsg
  scan vigie ip netns exec riga "${v[@]}"
  ceiling xsk
  scan vigie-xdp ip netns exec riga "${v[@]}" --io xdp
  rate ceiling-mmsg "$work/ceiling" mmsg rig0 "$mac" $n
  rate vigie "${v[@]}"
  rate ceiling-xsk "$work/ceiling" xsk rig0 "$mac" $n
  rate vigie-xdp "${v[@]}" --io xdp
  [ -z "${ALONE:-}" ] || continue
  scan masscan ip netns exec riga masscan 11.0.0.0/12 -p80 --rate 10000000 --wait 2 --router-mac "${mac//:/-}" -i rig0 --source-ip 10.9.0.1
  scan zmap ip netns exec riga zmap -q -p 80 -r 0 -c 2 -G "$mac" -i rig0 -S 10.9.0.1 11.0.0.0/12 "--$list-file=/dev/null"
done
for pair in "vigie ceiling-mmsg" "vigie-xdp ceiling-xsk" "masscan ceiling-mmsg" "zmap ceiling-mmsg"; do
  read -r a b <<<"$pair"
  [ -f "$work/$a" ] || continue
  echo "$pair" "$(median "$work/$a")" "$(median "$work/$b")" | awk '{printf "%s: whole run %.2f s, %.2f of the time of %s for the same frames\n", $1, $3, $3 / $4, $2}'
done
# Ratios per round: the speed of a shared machine changes between rounds.
for pair in "vigie ceiling-mmsg" "vigie-xdp ceiling-xsk"; do
  read -r a b <<<"$pair"
  paste "$work/rate-$a" "$work/rate-$b" | awk '{print $1 / $2}' >"$work/ratio-$a"
  echo "$pair" "$(median "$work/rate-$a")" "$(median "$work/ratio-$a")" "$(sort -n "$work/ratio-$a" | sed -n '1p;$p' | xargs)" |
    awk '{printf "%s: at full speed %d kpps, %.2f of %s (%.2f to %.2f)\n", $1, $3, $4, $2, $5, $6}'
done
