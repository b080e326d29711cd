# Reads the names of the linked functions, then gcc's call graphs (.ci): call cycles, indirect calls that leave by no
# port, variable stack; worst-case stack of the public functions. -v ports=REGEX of the members that are ports.
function name_of(title) {
  sub(/.*:/, "", title) # static functions stand as file:name
  return title
}
function quoted(line, key,    at) {
  at = index(line, key ": \"")
  if (at == 0) return ""
  line = substr(line, at + length(key) + 3)
  return substr(line, 1, index(line, "\"") - 1)
}
FILENAME ~ /\/linked$/ { linked[$1] = 1; next }
/^node:/ {
  title = quoted($0, "title")
  label = quoted($0, "label")
  if (match(label, /[0-9]+ bytes \([a-z,]+\)/)) {
    split(substr(label, RSTART, RLENGTH), part, " ")
    if (name_of(title) in linked) {
      own[title] = part[1]
      if (part[3] !~ /static/) { print "broken: " name_of(title) " has a stack of variable size"; bad = 1 }
    }
  }
  next
}
/^edge:/ {
  from = quoted($0, "sourcename")
  to = quoted($0, "targetname")
  if (!(name_of(from) in linked)) next
  if (to == "__indirect_call") {
    split(quoted($0, "label"), place, ":")
    for (line = 1; line <= place[2]; line++) text = ((getline read < place[1]) > 0) ? read : ""
    close(place[1])
    if (text !~ "(" ports ")\\(") {
      print "broken: " name_of(from) " makes an indirect call that is no port: " text
      bad = 1
    }
  } else if (!((from, to) in edge)) {
    edge[from, to] = 1
    callers[to] = callers[to] SUBSEP from
    calls[from]++
  }
}
END {
  # Leaves first; what is left when there are no more leaves calls itself.
  for (f in own) if (!(f in calls)) queue[++last] = f
  for (t in callers) if (!(t in own)) queue[++last] = t
  for (first = 1; first <= last; first++) {
    f = queue[first]
    done[f] = 1
    stack[f] = own[f] + deepest[f]
    n = split(substr(callers[f], 2), up, SUBSEP)
    for (i = 1; i <= n; i++) {
      if (up[i] == "") continue
      if (stack[f] > deepest[up[i]]) deepest[up[i]] = stack[f]
      if (--calls[up[i]] == 0) queue[++last] = up[i]
    }
  }
  for (f in own) if (!(f in done)) { print "broken: " name_of(f) " is in a call cycle, or calls one"; bad = 1 }
  for (f in own) {
    if (f ~ /^spw_(client_(init|step|stop|connected|model_valid)|config_|metric_)/) {
      printf "%7d  %s\n", stack[f], f | "sort -k2"
    }
  }
  close("sort -k2")
  exit bad
}
