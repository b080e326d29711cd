# Reads a linker map: bytes of .text and .rodata by object file, in what was kept. -v budget=BYTES (0: none).
function number(hex,    i, value) {
  value = 0
  for (i = 3; i <= length(hex); i++) value = 16 * value + index("0123456789abcdef", tolower(substr(hex, i, 1))) - 1
  return value
}
/^Linker script and memory map/ { kept = 1 }
!kept { next }
# " .text.name" may stand alone on its line, its address, size and file on the next one.
/^ \.(text|rodata)[^ ]*$/ { waiting = 1; next }
/^ \.(text|rodata)[^ ]* +0x/ { count($3, $4); waiting = 0; next }
waiting && /^ +0x/ { count($2, $3); waiting = 0; next }
{ waiting = 0 }
function count(size, file) {
  sub(/.*\//, "", file)
  sub(/\.o$/, ".c", file)
  if (file != "probe.c") bytes[file] += number(size)
}
END {
  for (file in bytes) {
    printf "%7d  %s\n", bytes[file], file | "sort -k2"
    all += bytes[file]
    if (file ~ /^(codec|messages|frame|update|client.*)\.c$/) runtime += bytes[file]
  }
  close("sort -k2")
  printf "%7d  codec + frame + update + client\n", runtime
  printf "%7d  everything\n", all
  if (budget > 0 && runtime > budget) {
    printf "broken: codec + frame + update + client take %d bytes of text, the budget is %d\n", runtime, budget
    exit 1
  }
}
