# Prerequisites and helpers of the benchmark scripts. Source it: . "$(dirname "$0")/lib.sh"
# A benchmark without its binary, its tools or its rig fails at once: a number measured without them means nothing.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit

fail() {
  echo "${0##*/}: $*" >&2
  exit 3
}

# need_root: network namespaces need root.
need_root() { [ "$(id -u)" = 0 ] || fail "run as root (the script creates network namespaces)"; }

# need TOOL...: fails unless every tool is installed.
need() {
  local missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} = 0 ] || fail "not installed: ${missing[*]}"
}

# find_vigie [PATH]: sets $vigie to PATH, $VIGIE or the release build; fails if it cannot be run.
find_vigie() {
  vigie=${1:-${VIGIE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/target/release/vigie}}
  [ -x "$vigie" ] || fail "no binary at $vigie: run 'cargo build --release', or set VIGIE"
  "$vigie" --version >/dev/null || fail "$vigie does not run"
}

# find_rig FILE...: sets $rig to $RIG; fails unless it holds the files.
find_rig() {
  rig=${RIG:-}
  [ -n "$rig" ] || fail "set RIG to the directory that holds $*"
  for file in "$@"; do [ -f "$rig/$file" ] || fail "$rig holds no $file"; done
}

# median FILE: the middle line of a file of numbers; fails on an empty file.
median() {
  [ -s "$1" ] || fail "nothing was measured (${1##*/})"
  sort -n "$1" | awk '{x[NR] = $1} END {print x[int((NR + 1) / 2)]}'
}
