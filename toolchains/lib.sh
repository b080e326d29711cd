# What every part of the launcher uses: where things lie, and how it speaks. Sourced by ./speedwell with $root set.

deps=$root/build/deps
nanopb=${NANOPB_DIR:-$deps/nanopb}
native=$root/build/native
logs=$root/build/logs
stamps=$root/build/stamps
device=$native/client-c/programs/speedwell-device
digits=$deps/digits.csv
server_jar=$root/server-java/target/speedwell-server-0.1.0-SNAPSHOT.jar
server_classes=$root/server-java/target/speedwell-server.jsa

# Where the Java side finds the other half: the command line and the end-to-end tests.
SPEEDWELL_HOME=$root SPEEDWELL_DEVICE=$device SPEEDWELL_DIGITS=$digits
export SPEEDWELL_HOME SPEEDWELL_DEVICE SPEEDWELL_DIGITS

# use PART...: brings in parts of the launcher.
use() {
  for part; do . "$root/toolchains/$part.sh"; done
}

# Progress and errors go to standard error: standard output belongs to what was asked for.
say() {
  printf '%s\n' "$*" >&2
}

usage() {
  say "usage: ./speedwell $*"
  exit 2
}

ticker=
stop_ticker() {
  [ -z "$ticker" ] && return
  kill "$ticker" 2>/dev/null
  wait "$ticker" 2>/dev/null
  ticker=
}
trap 'stop_ticker' EXIT
trap 'stop_ticker; say ""; say "Interrupted."; exit 130' INT
trap 'stop_ticker; exit 143' TERM

# attempt LABEL LOG COMMAND...: runs a command with its output in build/logs/LOG.log, and one line to show for it: the
# label and the seconds, counting on a terminal. Returns the command's status; says nothing about a failure.
attempt() {
  label=$1 log=$logs/$2.log
  shift 2
  mkdir -p "$logs"
  started=$(date +%s)
  printf '%s ...' "$label" >&2
  if [ -t 2 ]; then
    (
      seconds=0
      while sleep 1; do
        seconds=$((seconds + 1))
        printf '\r%s ... %d s' "$label" "$seconds" >&2
      done
    ) &
    ticker=$!
  fi
  ("$@") >"$log" 2>&1 </dev/null
  status=$?
  stop_ticker
  [ -t 2 ] && printf '\r%s ...' "$label" >&2
  say " $(($(date +%s) - started)) s"
  return "$status"
}

# step LABEL LOG COMMAND...: an attempt that must succeed; otherwise it shows the end of the log and ends the launcher.
step() {
  attempt "$@" && return
  show_log "$log"
  exit 1
}

show_log() {
  say ""
  tail -n 40 "$1" | sed 's/^/    /' >&2
  say ""
  say "Failed. The whole log: $1"
}

# checksum PATH...: one number for the names and contents of all files below the paths, built ones and tests left out.
checksum() {
  (cd "$root" && find "$@" \( -name target -o -name test -o -name tests \) -prune -o -type f -exec cksum {} + | LC_ALL=C sort | cksum)
}
