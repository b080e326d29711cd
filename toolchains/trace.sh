# ./speedwell trace: the requirements of the C client, and the tests and proofs that carry their ids.
#   trace                                  the matrix
#   trace --check TREE [--without WORD]    against a built tree as well: what it does not run shows nothing. WORD is
#                                          overlooked, and the check must fail: an id (its tags), an id with ! (its
#                                          requirement), a file (the test that runs it)

trace_main() {
  tree='' without='' runs=''
  while [ $# -gt 1 ]; do
    case $1 in
      --check) tree=$2 ;;
      --without) without=$2 ;;
      *) usage "trace" ;;
    esac
    shift 2
  done
  [ $# = 0 ] || usage "trace"
  cd "$root" || exit 1
  tagged=$(find client-c/tests client-c/proofs protocol client-c/jna server-java hw-tests -name target -prune -o -type f \
    ! -path '*/main/*' ! -path '*/corpus/*' ! -name CMakeLists.txt -exec grep -lE 'SPW-[A-Z]{3}-[0-9]{2}' {} + | LC_ALL=C sort)
  if [ -n "$tree" ]; then
    runs=$(mktemp -d) || exit 1
    trap 'rm -rf "$runs"' EXIT
    # Not from ctest itself: that would begin its log anew, and it may be running this.
    find "$tree" -name CTestTestfile.cmake -exec grep -h '^add_test(' {} + >"$runs/tests" &&
      grep -E '"(command|file)": ' "$tree/compile_commands.json" >>"$runs/tests" || exit 1
  fi
  # shellcheck disable=SC2086  # file names without blanks
  awk -v runs="${runs:+$runs/tests}" -v root="$root/" -v without="$without" -f toolchains/trace.awk \
    toolchains/areas client-c/docs/requirements.md client-c/docs/safety-manual.md $tagged
}
