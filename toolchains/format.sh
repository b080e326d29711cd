# Lays out the sources: clang-format (.clang-format) for C, google-java-format for Java.

formatter_version=$(sed -n 's:.*<google-java-format.version>\(.*\)</.*:\1:p' "$root/pom.xml")
formatter=$deps/google-java-format-$formatter_version-all-deps.jar

setup_formatter() {
  [ -e "$formatter" ] || step "Fetching the Java formatter" formatter maven -q -N dependency:copy@formatter
}

format_write() {
  step "Laying out the C sources" format-c format_c -i
  step "Laying out the Java sources" format-java format_java --replace
}

# Names the files that are laid out otherwise.
format_check() {
  status=0
  format_c --dry-run -Werror || status=1
  format_java --dry-run --set-exit-if-changed || status=1
  return "$status"
}

format_c() {
  (cd "$root" && find protocol client-c hw-tests -name target -prune -o \( -name '*.[ch]' -o -name '*.cpp' \) -exec clang-format "$@" {} +)
}

format_java() {
  (cd "$root" && find protocol client-c server-java hw-tests -name target -prune -o \
    -name '*.java' -exec "$JAVA_HOME/bin/java" -jar "$formatter" "$@" {} +)
}
