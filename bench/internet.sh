#!/usr/bin/env bash
# A synthetic internet, vigie beside a sender that does nothing else, masscan and zmap, in turns:
#   RIG=DIR bench/internet.sh [ROUNDS [LOSS]]
# DIR holds internet.sh (an XDP program that answers for 11.0.0.0/8 behind a veth pair), internet.bpf.c and ceiling.c.
# Needs root, iproute2, clang, libbpf-dev, libxdp-dev, bpftool, gcc, python3; masscan and zmap where they are to be
# compared (ALONE=1 leaves them out); and a release build (cargo build --release). Prints a line for each run: probes a second of the sender,
# or seconds, open ports found of those that are there, and peak memory; frames a second while at its pace, as the
# interface counts them (send_rate.py); then the medians as ratios.
set -euo pipefail
rounds=${1:-3} loss=${2:-0}
here=$(cd "$(dirname "$0")" && pwd)
vigie=${VIGIE:-$here/../target/release/vigie}
rig=${RIG:?the directory of the rig}
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
  /usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$work/out" 2>"$work/err" || true
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
  echo "$name at its pace $kpps kpps"
  echo "$kpps" >>"$work/rate-$name"
}
v=("$vigie" scan --authorized bench -n -Pn -sS -p80 11.0.0.0/12 --open -o json)
# zmap's list of networks to spare has another name since version 3.
list=blocklist; [[ $(zmap --help 2>&1 || true) != *blacklist-file* ]] || list=blacklist
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
  ! command -v masscan >/dev/null || scan masscan ip netns exec riga masscan 11.0.0.0/12 -p80 --rate 10000000 --wait 2 --router-mac "${mac//:/-}" -i rig0 --source-ip 10.9.0.1
  ! command -v zmap >/dev/null || scan zmap ip netns exec riga zmap -q -p 80 -r 0 -c 2 -G "$mac" -i rig0 -S 10.9.0.1 11.0.0.0/12 "--$list-file=/dev/null"
done
median() { sort -n "$work/$1" | awk '{x[NR] = $1} END {print x[int((NR + 1) / 2)]}'; }
for pair in "vigie ceiling-mmsg" "vigie-xdp ceiling-xsk" "masscan ceiling-mmsg" "zmap ceiling-mmsg"; do
  read -r a b <<<"$pair"
  [ -f "$work/$a" ] || continue
  echo "$pair" "$(median "$a")" "$(median "$b")" | awk '{printf "%s: whole run %.2f s, %.2f of the time that %s needs for the same frames\n", $1, $3, $3 / $4, $2}'
done
# Each round's ratio, since the machine's speed may change between them.
for pair in "vigie ceiling-mmsg" "vigie-xdp ceiling-xsk"; do
  read -r a b <<<"$pair"
  paste "$work/rate-$a" "$work/rate-$b" | awk '{print $1 / $2}' >"$work/ratio-$a"
  echo "$pair" "$(median "rate-$a")" "$(median "ratio-$a")" "$(sort -n "$work/ratio-$a" | sed -n '1p;$p' | xargs)" |
    awk '{printf "%s: at its pace %d kpps, %.2f of %s (%.2f to %.2f)\n", $1, $3, $4, $2, $5, $6}'
done
