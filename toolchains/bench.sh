# ./speedwell bench: the benchmarks of toolchains/benches, each with the class path of hw-tests.

bench_main() {
  name=${1:-}
  case $name in
    '') bench_list ;;
    -*) usage "bench [NAME [ARGUMENT...]]" ;;
    *)
      main=$(benches | awk -v name="$name" '$1 == name { print $2 }')
      [ -n "$main" ] || { say "There is no benchmark '$name':" && bench_list >&2 && exit 2; }
      shift
      setup_tools build && setup_digits && build_all && build_benches
      exec "$JAVA_HOME/bin/java" -cp "$(cat "$bench_path")" "io.speedwell.bench.$main" "$@"
      ;;
  esac
}

benches() {
  grep -v '^#' "$root/toolchains/benches"
}

bench_list() {
  benches | awk '{ name = $1; $1 = $2 = ""; sub(/^ +/, ""); printf "  %-10s %s\n", name, $0 }'
}

bench_path=$root/hw-tests/target/bench.classpath

build_benches() {
  inputs=$(checksum pom.xml protocol client-c server-java hw-tests)
  fresh benches "$inputs" "$bench_path" && return
  step "Building the benchmarks" benches bench_jars
  stamp benches "$inputs"
}

# The jars of every module, and the class path of hw-tests out of them.
bench_jars() {
  maven package dependency:build-classpath -pl hw-tests -am -DskipTests -Dmdep.outputFile=target/dependencies &&
    printf '%s:%s\n' "$root/hw-tests/target/classes" "$(cat "$root/hw-tests/target/dependencies")" >"$bench_path"
}
