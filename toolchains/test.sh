# ./speedwell test: quiet while it is green, the failing output when it is not, and totals and figures at the end.

sanitized=$root/build/sanitize

test_main() {
  all='' chosen=''
  for word; do
    case $word in
      --list) list_areas && exit ;;
      --all) all=yes ;;
      *) list_areas | grep -q "^$word " || usage "test [--list] [--all] [AREA...]; the areas: $(list_areas | cut -d ' ' -f 1 | paste -sd ' ' -)"
        chosen="$chosen $word" ;;
    esac
  done
  setup_tools build test ${all:+long} && setup_digits
  gather
  passed=0 failed=0 broken='' totals='' figures=''
  [ -n "$layout" ] && test_layout
  [ -n "$names" ] && test_c
  [ -n "$modules" ] && test_java
  printf '%s' "$totals"
  [ $((passed + failed)) -gt 0 ] || broken="$broken, no test ran"
  [ -n "$broken" ] && say "Failed: ${broken#, }."
  [ -n "$chosen" ] || printf '%s' "$figures"
  echo "$passed passed, $failed failed"
  [ -z "$chosen" ] || printf '%s' "$figures" # who names areas asks for them
  [ -z "$broken" ]
}

areas() {
  grep -v '^#' "$root/toolchains/areas"
}

list_areas() {
  areas | while read -r area _ _ _ words; do printf '%-10s%s\n' "$area" "$words"; done
}

# What the chosen areas (all, when none is named) ask for: $layout, $names, $modules, $tags.
gather() {
  layout='' names='' modules='' tags=''
  while read -r area name module tag words; do
    case "$area${chosen:+$chosen }" in
      "$area" | *" $area "*) ;;
      *) continue ;;
    esac
    [ "$area" = format ] && layout=yes
    [ "$name" = - ] || names="${names:+$names|}$name"
    [ "$module" = - ] || modules="${modules:+$modules,}$module"
    [ "$tag" = - ] || tags="${tags:+$tags | }$tag"
  done <<TABLE
$(areas)
TABLE
}

test_layout() {
  setup_formatter
  attempt "Checking the layout of the sources" format format_check && passed=1 && return
  sed -n 's/:[0-9]*:[0-9]*: error:.*//p; /\.java$/p' "$log" | sort -u >&2
  say "./speedwell format lays these files out."
  failed=1 broken="$broken, layout"
}

# The C tests, each named after its area, with AddressSanitizer and UndefinedBehaviorSanitizer in everything.
test_c() {
  step "Building the C tests" c-tests-build make_tree "$sanitized" -DCMAKE_BUILD_TYPE=Debug -DSPEEDWELL_TESTS=ON -DSPEEDWELL_SANITIZE=ON
  attempt "C tests" c-tests run_ctest || {
    broken="$broken, C tests"
    grep -vE ' (Passed|Start) |^ *Start ' "$log" >&2
  }
  figures=$(figures_told)
  figures=${figures:+$figures
}
  set -- $(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\).*/\1 \2/p' "$log")
  [ $# = 2 ] || return
  failed=$((failed + $1)) passed=$((passed + $2 - $1))
  totals="$totals$(grep '% tests passed' "$log")
"
}

# What a check has found out is its last line, "figure: ..."; ctest keeps the output of all of them.
figures_told() {
  awk '/^[0-9]+\/[0-9]+ Testing: / { name = $3 } name !~ /\.fault\./ && sub(/^figure: /, "") { print name ": " $0 }' "$sanitized/Testing/Temporary/LastTest.log"
}

run_ctest() {
  cd "$sanitized" || return
  if [ -z "$chosen" ] && ctest -N -E "^($names)[._]" | grep '^ *Test *#'; then
    echo "The names of these C tests begin with no area of toolchains/areas."
    return 1
  fi
  [ -n "$all" ] || set -- --label-exclude slow
  ctest --output-on-failure -j 2 -R "^($names)[._]" "$@"
}

# One Maven run for all chosen modules. What they need is built along, its own tests left out.
test_java() {
  build_native
  inputs=$(server_inputs)
  set -- -Dspeedwell.tags="$tags" ${all:+-Dspeedwell.excluded=}
  for module in $(sed -n 's:.*<module>\(.*\)</module>.*:\1:p' "$root/pom.xml"); do
    case ",$modules," in
      *",$module,"*) ;;
      *) set -- "$@" "-Dspeedwell.skip.${module##*/}=true" ;;
    esac
  done
  if attempt "Java tests" java-tests maven package -fae -pl "$modules" -am "$@"; then
    case $modules in *server-java* | *hw-tests*) stamp server "$inputs" ;; esac
  else
    broken="$broken, Java tests"
    # Surefire's list of what failed and the compiler's errors, else what Maven says.
    awk '/^\[ERROR\] (Failures|Errors): *$/ { list = 1 } list || /^\[ERROR\] .*\.java:\[/ { print } /Tests run:/ { list = 0 }' "$log" |
      grep . >&2 || grep '^\[ERROR\] .' "$log" | head -n 100 >&2
    say "The whole log: $log"
  fi
  # Each module's total; lines with a time are those of single classes.
  set -- $(sed -n 's/^\[[A-Z]*\] Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\)$/\1 \2 \3 \4/p' "$log" |
    awk '{ run += $1; failures += $2; errors += $3; skipped += $4 } END { print run + 0, failures + 0, errors + 0, skipped + 0 }')
  failed=$((failed + $2 + $3)) passed=$((passed + $1 - $2 - $3 - $4))
  totals="${totals}Tests run: $1, Failures: $2, Errors: $3, Skipped: $4
"
}
