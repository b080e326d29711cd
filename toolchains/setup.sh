# Installs what is missing, and only that: tools as packages of the distribution, nanopb's sources and the digits data
# out of its archive. Every download is checked by its hash and kept in build/deps.

nanopb_version=0.4.7
nanopb_hash=e1d89b166367a3c42d42311bdc2ed57ff78f86aede9a66828516e45490d48c81
digits_hash=6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8

# setup_tools SET...: the packages of the sets, and nanopb.
setup_tools() {
  setup_packages "$@"
  setup_nanopb
}

# Sets and exports JAVA_HOME: the caller's own, the one on the PATH, or the first below /usr/lib/jvm, that is 17 or newer.
find_jdk() {
  path_javac=$(command -v javac) && path_javac=$(readlink -f -- "$path_javac")
  for home in "${JAVA_HOME:-}" "${path_javac%/bin/javac}" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${major:-0}" -ge 17 ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

# missing SET...: sets $packages to what is missing of the sets, and $tools to the same in words.
missing() {
  packages='' tools=''
  while read -r set package probe words; do
    case " $* " in *" $set "*) ;; *) continue ;; esac
    case $probe in
      jdk) find_jdk ;;
      /*) [ -e "$probe" ] ;;
      *) command -v "$probe" >/dev/null ;;
    esac && continue
    packages="$packages $package"
    tools="$tools
  $words ($package)"
  done <"$root/toolchains/packages"
  packages=${packages# }
}

setup_packages() {
  missing "$@"
  [ -z "$packages" ] && return
  command -v apt-get >/dev/null || cannot "This system has no apt-get." "Please install"
  rights || cannot "Installing packages needs root or sudo." "Please have installed"
  # shellcheck disable=SC2086  # a list of package names
  apt-cache show $packages >/dev/null 2>&1 || refresh_lists
  if ! size=$(install_size); then
    refresh_lists
    size=$(install_size) || cannot "The package archive cannot be reached, or does not have them." "Missing"
  fi
  say "To install: $packages"
  say "$size"
  if ! attempt "Installing" install apt_install -y; then
    # A list that is older than the archive names files that are gone.
    refresh_lists
    attempt "Installing" install apt_install -y || { show_log "$log"; cannot "The packages could not be installed." "Missing"; }
  fi
  missing "$@"
  [ -z "$packages" ] || cannot "The packages are installed, but something is not found." "Missing"
}

# Whether packages may be installed; sets $sudo to what stands before the command.
rights() {
  sudo=''
  [ "$(id -u)" = 0 ] && return
  sudo=sudo
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }
}

apt_get() {
  # shellcheck disable=SC2086  # empty for root
  $sudo env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=60 "$@"
}

apt_install() {
  # shellcheck disable=SC2086  # a list of package names
  apt_get install --no-install-recommends "$@" $packages
}

# What apt says it would download and unpack, as one line.
install_size() {
  plan=$(apt_install --assume-no 2>/dev/null)
  printf '%s\n' "$plan" | awk '
    / newly installed/ { count = $3 }
    /^Need to get/ { sub(/^Need to get /, ""); sub(/ of archives\.$/, ""); sub(/\/.*/, ""); get = $0 }
    /^After this operation/ { disk = $4 " " $5 }
    END { if (count == "") exit 1; printf "%s packages with what they need: %s to download, %s on disk\n", count, get == "" ? "nothing" : get, disk }'
}

refresh_lists() {
  attempt "Reading the package lists" update apt_get update || say "(not all of them: see $log)"
}

# cannot WHY LEAD: names what is missing and ends the launcher.
cannot() {
  say "$1 $2:$tools"
  command -v apt-get >/dev/null && say "As root: apt-get update && apt-get install --no-install-recommends $packages"
  exit 3
}

# nanopb's C sources: the distribution packages the generator and headers, but its source archive has the C files.
setup_nanopb() {
  [ -e "$nanopb/pb_common.c" ] && return
  if [ -n "${NANOPB_DIR:-}" ]; then
    say "NANOPB_DIR has no pb_common.c: $NANOPB_DIR"
    exit 3
  fi
  attempt "Fetching nanopb's sources" nanopb fetch_nanopb && return
  show_log "$log"
  say "Without them: unpack nanopb $nanopb_version anywhere and name the folder in NANOPB_DIR."
  exit 3
}

fetch_nanopb() {
  apt=$deps/apt
  rm -rf "$apt" "$nanopb.part"
  mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial" "$nanopb.part" || return 1
  source_entries "$apt/sources"
  # An archive without sources only makes apt complain: whether ours was found is seen below.
  (cd "$apt" && private_apt update; private_apt source --download-only nanopb)
  archive=$apt/nanopb_$nanopb_version.orig.tar.gz
  if [ ! -e "$archive" ]; then
    echo "The package archive did not give nanopb $nanopb_version as source."
    return 1
  fi
  check_hash "$nanopb_hash" "$archive" || return 1
  tar -xzf "$archive" -C "$nanopb.part" --strip-components=1 || return 1
  rm -rf "$apt" "$nanopb"
  mv "$nanopb.part" "$nanopb"
}

# A copy of this machine's apt sources that asks for source packages, in both of apt's notations.
source_entries() {
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -r "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" && echo
  done >"$1/speedwell.sources"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$file" ] && sed -n 's/^deb\(-src\)\{0,1\}[[:space:]]/deb-src /p' "$file"
  done | sort -u >"$1/speedwell.list"
}

# apt-get with lists and sources of its own: it needs no rights and leaves the machine's as they are.
private_apt() {
  sandbox=''
  [ "$(id -u)" = 0 ] && sandbox='-oAPT::Sandbox::User=root'
  LC_ALL=C apt-get -q $sandbox -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$apt/sources" \
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" "$@"
}

# The handwritten digits (1,797 rows of 64 features and the class), out of a package that is not installed for it.
setup_digits() {
  [ -e "$digits" ] && return
  attempt "Fetching the handwritten digits" digits fetch_digits && return
  # Perhaps only the package lists are missing.
  if command -v apt-get >/dev/null && rights; then
    refresh_lists
    attempt "Fetching the handwritten digits" digits fetch_digits && return
  fi
  show_log "$log"
  say "Without them: put scikit-learn's digits.csv there as $digits"
  exit 3
}

fetch_digits() {
  part=$deps/digits.part
  rm -rf "$part"
  mkdir -p "$part" || return 1
  sandbox=''
  [ "$(id -u)" = 0 ] && sandbox='-oAPT::Sandbox::User=root'
  (cd "$part" && LC_ALL=C apt-get -q $sandbox download python3-sklearn) || return 1
  dpkg-deb --fsys-tarfile "$part"/*.deb | tar -xO ./usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz |
    gzip -dc >"$part/digits.csv" || return 1
  check_hash "$digits_hash" "$part/digits.csv" || return 1
  mv "$part/digits.csv" "$digits"
  rm -rf "$part"
}

check_hash() {
  [ "$(sha256sum <"$2" | cut -d ' ' -f 1)" = "$1" ] && return
  echo "Not the expected content (SHA-256 differs from $1): $2"
  return 1
}
