# Two rules of the core and the kit: what the compiler is asked for beyond C11 stands in compiler.h alone, and what may be
# set from outside stands in options.h alone, with a default and a range. SPW-INT-06. Files: compiler.h and options.h first.
function broken(words) { print "broken: " FILENAME ":" FNR ": " words; ++bad }

# The line without comments and texts.
function code_of(line,    at) {
  if (in_comment) {
    at = index(line, "*/")
    if (at == 0) { return "" }
    line = substr(line, at + 2)
    in_comment = 0
  }
  gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
  gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", line)
  sub(/\/\/.*/, "", line)
  at = index(line, "/*")
  if (at > 0) { in_comment = 1; line = substr(line, 1, at - 1) }
  return line
}

FNR == 1 { ++files; file = FILENAME; sub(/.*\//, "", file); in_comment = 0 }
{ code = code_of($0) }

file == "compiler.h" && code ~ /^#define SPW_/ { split(code, word, " "); asked[word[2]] = 1 }
file == "options.h" && code ~ /^#ifndef SPW_/ { split(code, word, " "); option[word[2]] = 0 }
file == "options.h" && code ~ /^#define SPW_/ { split(code, word, " "); if (word[2] in option) { ++option[word[2]] } }
file == "options.h" && code ~ /^#if .*SPW_/ {
  for (name in option) { if (index(code, name)) { limited = name } }
}
file == "options.h" && code ~ /^#error/ { ++option[limited] }

file != "compiler.h" && code ~ /(^|[^A-Za-z0-9_])(__[A-Za-z]|_Pragma|asm[^A-Za-z0-9_]|typeof)|^ *# *pragma/ {
  rest = code
  gsub(/__cplusplus/, "", rest)
  if (rest ~ /__[A-Za-z]|_Pragma|asm|typeof|pragma/) { broken("more than C11, outside compiler.h: " $0) }
}
file != "options.h" && code ~ /^ *# *(if|ifdef|ifndef|elif)/ {
  rest = code
  while (match(rest, /[A-Za-z_][A-Za-z0-9_]*/)) {
    name = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    if (name in asked || name ~ /^(if|ifdef|ifndef|elif|defined|__cplusplus)$/ || name ~ /_H$/) { continue }
    if (file == "compiler.h" && name ~ /^__/) { continue }
    if (name in option) { used[name] = 1; continue }
    broken(name " is read here, and no option of options.h")
  }
}
{ for (name in option) { if (file != "options.h" && code ~ ("(^|[^A-Za-z0-9_])" name "([^A-Za-z0-9_]|$)")) { used[name] = 1 } } }

END {
  for (name in option) {
    ++count
    if (option[name] != 2) { print "broken: options.h: " name " has no default, or no range"; ++bad }
    if (!(name in used)) { print "broken: options.h: nobody reads " name; ++bad }
  }
  if (count == 0 || files < 20) { print "broken: " count + 0 " options in " files + 0 " files: that cannot be all"; ++bad }
  print "figure: " bad + 0 " places outside compiler.h and options.h in " files " files; " count " options, each with default and range"
  exit bad > 0
}
