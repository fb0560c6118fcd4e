#!/usr/bin/env bash
# Twelve paths in turn: one host, 65,535 ports, 200 of them open, for each set of delay, loss, bottleneck and queue:
#   RIG=DIR bench/paths.sh [SEEDS [DELAY,LOSS,RATE,QUEUE ...]]
# DIR holds path.sh and delaybox.c. Needs what path.sh needs, and a release build. Prints for each set the ports found on the
# worst seed, the median time, and its ratio to the minimum that the path allows: 65,535 / rate + 6 round trips.
. "$(dirname "$0")/lib.sh"
seeds=${1:-1}; shift || true
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- \
  1,0,200000,50 1,0.01,20000,50 1,0.05,2000,50 \
  10,0,200000,2000 10,0.01,200000,500 10,0.05,20000,500 \
  50,0,20000,500 50,0.01,200000,2000 50,0.05,20000,2000 \
  150,0,200000,2000 150,0.01,20000,500 150,0.05,20000,2000
printf '%8s %5s %8s %6s  %s\n' delay loss rate queue result
for set in "$@"; do
  IFS=, read -r delay loss rate queue <<<"$set"
  out=$("$here/path.sh" "$seeds" "delay_ms=$delay" "loss=$loss" "rate_pps=$rate" "queue=$queue")
  worst=$(sed -n 's/^seed [0-9]*: \([0-9]*\) of 200.*/\1/p' <<<"$out" | sort -n | head -1)
  printf '%5s ms %5s %8s %6s  worst %s of 200; %s\n' "$delay" "$loss" "$rate" "$queue" "$worst" "$(tail -1 <<<"$out")"
done
