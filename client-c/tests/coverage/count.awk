# Sums up gcov's annotated sources. Variables: lines, branches: the least percentages.
function percent(taken, all) { return (all == 0) ? 100 : 100 * taken / all }
function row(name, l, lt, b, bt) { printf "%-22s %5d %7.2f %% %6d %7.2f %%\n", name, l, percent(lt, l), b, percent(bt, b) }
function add() {
  if (file != "") { row(file, all_lines, taken_lines, all_branches, taken_branches) }
  sum_lines += all_lines; sum_taken_lines += taken_lines; sum_branches += all_branches; sum_taken_branches += taken_branches
  all_lines = taken_lines = all_branches = taken_branches = 0
}
BEGIN { printf "%-22s %5s %9s %6s %9s\n", "file", "lines", "taken", "branch", "taken" }
FNR == 1 { add(); file = FILENAME; sub(/.*\//, "", file); sub(/\.gcov$/, "", file) }
/^branch/ {
  ++all_branches
  if (/never executed|taken 0/) { missed[++misses] = file ":" line ": a branch: " text } else { ++taken_branches }
}
/^ *([0-9]+\*?|#####|=====): *[1-9]/ {
  split($0, part, ":"); line = part[2] + 0; text = $0; sub(/^[^:]*:[^:]*: */, "", text)
  ++all_lines
  if (part[1] ~ /#####|=====/) { missed[++misses] = file ":" line ": not run: " text } else { ++taken_lines }
}
END {
  add()
  for (i = 1; i <= misses; ++i) { print missed[i] }
  l = percent(sum_taken_lines, sum_lines); b = percent(sum_taken_branches, sum_branches)
  short = (sum_lines == 0) || (sum_branches == 0) || (l < lines) || (b < branches)
  if (short) { printf "broken: below %s %% of lines or %s %% of branches\n", lines, branches }
  printf "figure: %.2f %% of %d lines, %.2f %% of %d branches\n", l, sum_lines, b, sum_branches
  exit short
}
