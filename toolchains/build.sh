# Builds both halves, each only when its inputs differ from those of the last build: a stamp holds their checksum, so
# that nothing to do costs no start of CMake or Maven. Contents count, not dates: a clone or a checkout rebuilds nothing.

build_all() {
  build_native
  build_server
}

native_inputs() {
  checksum CMakeLists.txt protocol client-c
  echo "$nanopb"
}

server_inputs() {
  checksum pom.xml protocol server-java
  echo "$JAVA_HOME"
}

build_native() {
  inputs=$(native_inputs)
  fresh native "$inputs" "$native/build.ninja" && return
  # The one native tree; Maven's build of the Java binding goes on in it.
  step "Building the C side" native make_tree "$native" -DCMAKE_BUILD_TYPE=Release
  stamp native "$inputs"
}

# make_tree FOLDER OPTION...: configures and builds one tree.
make_tree() {
  tree=$1
  shift
  cmake -S "$root" -B "$tree" -G Ninja -DNANOPB_DIR="$nanopb" "$@" && cmake --build "$tree"
}

build_server() {
  inputs=$(server_inputs)
  fresh server "$inputs" "$server_jar" && return
  step "Building the fleet server" server maven package -pl server-java -am -DskipTests
  attempt "Preparing quick starts" classes archive_classes || rm -f "$server_classes" # it starts without, slower
  stamp server "$inputs"
}

# A server that starts, opens its admin port and ends leaves its classes behind as Java maps them at later starts.
archive_classes() {
  rm -f "$server_classes"
  folder=$(mktemp -d) || return
  "$JAVA_HOME/bin/java" -XX:ArchiveClassesAtExit="$server_classes" -jar "$server_jar" \
    server --data "$folder" --listen 127.0.0.1:0 &
  server=$!
  seconds=0
  while [ ! -e "$folder/admin.url" ] && kill -0 "$server" && [ $seconds -lt 60 ]; do
    sleep 1
    seconds=$((seconds + 1))
  done
  kill "$server"
  wait "$server"
  rm -rf "$folder"
  [ -e "$server_classes" ]
}

maven() {
  (cd "$root" && mvn -B -ntp -Dstyle.color=never "$@")
}

# fresh NAME INPUTS OUTPUT: whether the output was made of these inputs.
fresh() {
  [ -e "$3" ] && [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]
}

stamp() {
  mkdir -p "$stamps" && printf '%s\n' "$2" >"$stamps/$1"
}

clean_built() {
  for folder in "$root"/build/*; do
    [ "$folder" = "$deps" ] || rm -rf "$folder"
  done
  rm -rf "$root/protocol/target" "$root/client-c/jna/target" "$root/server-java/target" "$root/hw-tests/target"
}
