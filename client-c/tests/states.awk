# SPW-SES-09. Holds the names in states_test.c against the device's tables in PROTOCOL.md, section 10: the same states for each of
# the three machines, the same messages. Files: PROTOCOL.md, then states_test.c.
function trimmed(text) { gsub(/^[ `]+|[ `]+$/, "", text); return text }
function put(place, name) { names[place "|" name] = 1 }
function put_states(machine, cell,    list, count, i) {
  if (cell == "" || cell == "any" || cell == "all but idle") { return } # the row before, or all of them
  if (cell == "open, asked") { put("document|" machine, cell); return }
  count = split(cell, list, ", ")
  for (i = 1; i <= count; ++i) { put("document|" machine, list[i]) }
}
function put_messages(cell,    name) {
  while (match(cell, /`[A-Z][A-Za-z]*({(false|true)})?/)) {
    name = substr(cell, RSTART + 1, RLENGTH - 1)
    put("document|message", name)
    cell = substr(cell, RSTART + RLENGTH)
  }
}
FNR == 1 { ++file }
file == 1 && /^## / { section = $2 }
file == 1 && section == "10." && /^### / {
  machine = ($2 == "Device:") ? $3 : ""
  next
}
file == 1 && section == "10." && machine == "" && /`Reject` is ignored/ {
  put("document|message", "Reject"); put("document|message", "unknown message"); put("document|message", "malformed bytes")
}
file == 1 && section == "10." && machine != "" && /^\|/ && !/^\|---/ && !/^\| state / {
  split($0, cell, "|")
  put_states(machine, trimmed(cell[2]))
  put_messages(cell[3])
}
file == 2 && /^    \{'.', "/ {
  split($0, cell, "\"")
  put("test|connection", cell[2]); put("test|run", cell[4]); put("test|task", cell[6])
}
file == 2 && /messages\[MESSAGES\] = \{/ { columns = 1; next }
file == 2 && columns && /^};/ { columns = 0 }
file == 2 && columns {
  name = trimmed($0); gsub(/[",]*$|^"/, "", name)
  if (name !~ /^(unknown|malformed)/) { sub(/,? .*/, "", name) }
  put("test|message", name)
}
END {
  for (key in names) {
    ++count
    split(key, part, "|")
    other = ((part[1] == "test") ? "document" : "test") "|" part[2] "|" part[3]
    if (!(other in names)) { print "broken: the " part[1] " alone names the " part[2] ": " part[3]; bad = 1 }
  }
  if (count < 40) { print "broken: only " count " names found"; bad = 1 }
  print "figure: " count / 2 " names of states and messages, the same in document and test"
  exit bad
}
