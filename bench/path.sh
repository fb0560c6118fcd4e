#!/usr/bin/env bash
# One host behind a path with delay, loss and a bottleneck, 65,535 ports of which 200 are open:
#   RIG=DIR bench/path.sh [SEEDS [delay_ms=25 loss=0.01 rate_pps=20000 queue=500]]
# DIR holds path.sh and delaybox.c. Needs root, iproute2, gcc, ethtool, python3 and a release build. EXTRA replaces -sS
# (EXTRA=-sT). Prints for each seed the ports found and the seconds, then the median and its ratio to the minimum that
# the path allows: 65,535 / rate + 6 round trips.
. "$(dirname "$0")/lib.sh"
seeds=${1:-20}; shift || true
settings=("$@"); [ $# -gt 0 ] || settings=(delay_ms=25 loss=0.01 rate_pps=20000 queue=500)
need_root
need ip gcc ethtool python3
find_vigie
find_rig path.sh delaybox.c
work=$(mktemp -d)
clean() { "$rig/path.sh" down; rm -rf "$work"; }
trap clean EXIT
value() { printf '%s\n' "${settings[@]}" | sed -n "s/^$1=//p"; }
for seed in $(seq "$seeds"); do
  "$rig/path.sh" down
  "$rig/path.sh" up "${settings[@]}" seed="$seed" >/dev/null
  "$rig/path.sh" ports 200 "$seed" | sort >"$work/truth"
  t0=$EPOCHREALTIME
  # shellcheck disable=SC2086 # words are wanted
  ip netns exec pata "$vigie" scan --authorized bench -n -Pn -p- 10.8.1.1 --open --seed "$seed" -o json ${EXTRA:--sS} >"$work/out" 2>"$work/err" || fail "$(cat "$work/err")"
  s=$(echo "$EPOCHREALTIME $t0" | awk '{printf "%.2f", $1 - $2}')
  found=$(grep '"type":"port"' "$work/out" | sed 's/.*"port":\([0-9]*\).*/\1/' | sort -u | comm -12 "$work/truth" - | wc -l)
  echo "seed $seed: $found of 200 in $s s"
  echo "$found $s" >>"$work/all"
done
awk -v rate="$(value rate_pps)" -v delay="$(value delay_ms)" '
  {if ($1 == 200) whole++; t[NR] = $2}
  END {
    for (i = 2; i <= NR; i++) for (j = i; j > 1 && t[j] < t[j - 1]; j--) {x = t[j]; t[j] = t[j - 1]; t[j - 1] = x}
    m = t[int((NR + 1) / 2)]; least = 65535 / rate + 6 * 2 * delay / 1000
    printf "%d of %d complete, median %.2f s, %.2f of what the path allows (%.2f s)\n", whole, NR, m, m / least, least
  }' "$work/all"
