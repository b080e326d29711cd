#!/bin/sh
# Holds the stock verdicts of the golden frames against protoc: check-protoc.sh [FILE...], by default every *.txt here.
# Says nothing but the totals when all agree; exit code 1 when one differs, 2 when protoc is missing.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- "$here"/*.txt
command -v protoc > /dev/null || { echo "check-protoc.sh: protoc is not installed" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The message's bytes: hex on stdin, the length (one or two bytes) left out.
message() {
  awk '{
    start = index("89abcdef", substr($0, 1, 1)) ? 5 : 3
    for (i = start; i < length($0); i += 2) {
      high = index("0123456789abcdef", substr($0, i, 1)) - 1
      low = index("0123456789abcdef", substr($0, i + 1, 1)) - 1
      value = 16 * high + low
      printf "\\%d%d%d", int(value / 64), int(value / 8) % 8, value % 8
    }
  }' > "$work/octal"
  # The format is the data on purpose: nothing but octal escapes stands in it.
  # shellcheck disable=SC2059
  printf "$(cat "$work/octal")"
}

run_protoc() {
  protoc "$1=$type" "-I$here/.." speedwell.proto 2> "$work/errors"
}

checked=0
wrong=0
for file in "$@"; do
  while IFS='|' read -r direction frame stock verdict canonical meaning; do
    case $direction in
      'to-server ') type=speedwell.ToServer ;;
      'to-device ') type=speedwell.ToDevice ;;
      '' | '#'*) continue ;;
      *) echo "$file: unknown direction '$direction'" >&2; exit 1 ;;
    esac
    expected=${stock# }
    expected=${expected% }
    case $expected in
      accept | reject) ;;
      either | none) continue ;;
      *) echo "$file: unknown stock verdict '$expected'" >&2; exit 1 ;;
    esac
    frame=${frame# }
    frame=${frame% }
    echo "$frame" | message > "$work/message"
    if run_protoc --decode < "$work/message" > "$work/text"; then actual=accept; else actual=reject; fi
    checked=$((checked + 1))
    if [ "$actual" != "$expected" ]; then
      echo "$file: protoc says $actual, not $expected:$meaning ($frame)" >&2
      wrong=$((wrong + 1))
    elif [ "$canonical" = ' = ' ] && [ "$verdict" = ' accept ' ]; then
      run_protoc --encode < "$work/text" > "$work/again"
      if ! cmp -s "$work/message" "$work/again"; then
        echo "$file: protoc writes other bytes:$meaning ($frame)" >&2
        wrong=$((wrong + 1))
      fi
    fi
  done < "$file"
done
echo "protoc: $checked golden frames, $wrong wrong"
[ "$checked" -gt 0 ] && [ "$wrong" -eq 0 ]
