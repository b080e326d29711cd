# The matrix of requirements, and what is wrong with it. Files: areas, requirements.md, safety-manual.md, then those that
# carry ids. (The manual speaks of them; it shows nothing.)
# Variables: runs: what a built tree runs (add_test of its CTestTestfile.cmake, compile_commands.json), or ""; root: of the
# paths in it, with a slash; without: an id or a file's name to overlook.
function broken(words) { problems = problems "broken: " words "\n"; ++bad }
function base(path) { sub(/.*\//, "", path); return path }
function folder(path) { sub(/\/[^\/]*$/, "", path); return path }

# What the tests of a tree are made of: built[file] for sources, script[file] for what is run as it stands.
function read_runs(    line, count, word, i, place, target, targets, sources) {
  while ((getline line < runs) > 0) {
    if (line ~ /^add_test\(/) {
      sub(/^[^"]*"/, "", line)
      sub(/"\)$/, "", line)
      count = split(line, word, "\" \"")
      targets[base(word[1])] = 1
      for (i = 1; i <= count; ++i) {
        said[word[i]] = 1
        if (index(word[i], root) == 1) { script[substr(word[i], length(root) + 1)] = 1; targets[base(word[i])] = 1 }
      }
    } else if (match(line, /CMakeFiles\/[^\/ ]*\.dir\//)) { # its command comes before the file
      target = substr(line, RSTART + 11, RLENGTH - 16)
    } else if (match(line, /"file": "[^"]*/)) {
      sources[target, substr(line, RSTART + 9 + length(root), RLENGTH - 9 - length(root))] = 1
    }
  }
  for (line in sources) {
    split(line, word, SUBSEP)
    if (word[1] in targets) { built[word[2]] = 1 }
  }
  for (place in script) { in_use[folder(place)] = 1 }
  for (place in built) { in_use[folder(place)] = 1 }
}

# Whether an area runs the file: built into a test, run itself, named by a script beside it or along with it, or a JUnit
# test of a module.
function run(file,    place, line, stem, module) {
  if (file == without) { return 0 }
  if ((file in built) || (file in script)) { return 1 }
  if (file ~ /Test\.java$/) {
    module = file
    sub(/\/src\/test\/.*/, "", module)
    return module in modules
  }
  stem = base(file)
  sub(/\.[a-z]+$/, "", stem)
  for (place in script) {
    if (folder(place) == folder(file)) {
      if (stem in said) { return 1 }
      while ((getline line < place) > 0) { if (line ~ ("(^|[^a-z_])" stem "([^a-z_]|$)")) { close(place); return 1 } }
      close(place)
    }
  }
  return 0
}

# A folder none of whose tests is in the tree, and whose CMakeLists.txt says that it may be left out.
function left_out(file,    line, list, may) {
  if (folder(file) in in_use) { return 0 }
  list = folder(file) "/CMakeLists.txt"
  while ((getline line < list) > 0) { if (line ~ /left out/) { may = 1 } }
  close(list)
  return may
}

FNR == 1 { ++files; tagged_at = 0 }
files == 1 {
  if ($0 !~ /^#/) { count = split($3, module, ","); for (i = 1; i <= count; ++i) { modules[module[i]] = 1 } }
  next
}
files == 2 {
  if (/^\| SPW-[A-Z][A-Z][A-Z]-[0-9][0-9] \| .* \|$/) {
    if (without == $2 "!") { next }
    if ($2 in words) { broken("requirements.md: " $2 " stands there twice") }
    id[++ids] = $2
    text = $0
    sub(/^\| [^|]* \| /, "", text); sub(/ \|$/, "", text)
    words[$2] = text
  }
  next
}

files == 3 {
  line = $0
  while (match(line, /SPW-[A-Z][A-Z][A-Z]-[0-9][0-9]/)) {
    spoken[substr(line, RSTART, RLENGTH)] = 1
    line = substr(line, RSTART + RLENGTH)
  }
  next
}

# The function right below an id carries it (in Java there are annotations between them), or else the file.
{
  line = $0
  found = ""
  while (match(line, /SPW-[A-Z][A-Z][A-Z]-[0-9][0-9]/)) {
    found = found " " substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
  }
  if (found != "") {
    carrier[FILENAME] = 1
    count = split(found, list, " ")
    for (i = 1; i <= count; ++i) { if (list[i] != without) { ++tags; tag_of[tags] = list[i]; file_of[tags] = FILENAME } }
    tagged_at = FNR
  }
  if (tagged_at > 0 && FNR - tagged_at <= (FILENAME ~ /java$/ ? 6 : 1) && match($0, /void [A-Za-z0-9_]+\(/)) {
    name = substr($0, RSTART + 5, RLENGTH - 6)
    for (i = tags; i > 0 && file_of[i] == FILENAME && !(i in name_of); --i) { name_of[i] = ": " name }
    tagged_at = 0
  }
}

END {
  if (runs != "") { read_runs() }
  for (i = 1; i <= tags; ++i) {
    if (!(tag_of[i] in words)) { broken(file_of[i] ": " tag_of[i] " is no requirement"); continue }
    shown[tag_of[i]] = shown[tag_of[i]] "    " file_of[i] name_of[i] "\n"
    if (file_of[i] ~ /^client-c\/proofs\//) { proved[tag_of[i]] = 1 }
  }
  for (name in spoken) { if (!(name in words)) { broken("safety-manual.md: " name " is no requirement") } }
  for (file in carrier) {
    ++carriers
    if (runs == "" || run(file)) { continue }
    if (left_out(file)) { print file ": left out, its tools are not installed" } else { broken(file ": has ids, and no area runs it") }
  }
  for (i = 1; i <= ids; ++i) {
    print id[i] "  " words[id[i]]
    if (id[i] in shown) { printf "%s", shown[id[i]] } else { broken(id[i] " has no test and no proof") }
    proofs += (id[i] in proved)
  }
  if (ids == 0 || tags == 0) { broken("no requirement, or no test") }
  printf "%s", problems
  print "figure: " ids + 0 " requirements, " proofs + 0 " of them with a proof; " tags + 0 " places in " carriers + 0 " files of tests and proofs; " bad + 0 " gaps"
  exit bad > 0
}
