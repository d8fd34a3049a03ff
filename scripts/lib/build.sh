# shellcheck shell=sh
# Sourced after node.sh, with Node on PATH. Each step is skipped when nothing it depends on has changed.

# Everything below is asked for from the folder of the project.
: "${root:?}"

# One sum over the names and content of the files that `find` finds with these arguments.
sum_of_files() {
  (cd "$root" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum) | sha256sum | cut -d ' ' -f 1
}

modules_stamp() {
  printf '%s %s' "$(sum_of_files scripts/patches)" "$(node -p 'process.version + process.arch')"
}

# Everything the built portal is made of, and everything the built device is; tests are neither.
portal_stamp() {
  sum_of_files package-lock.json portal device/contract ! -path 'portal/e2e/*' ! -name '*.test.ts' ! -name '*.test.tsx'
}

device_stamp() {
  sum_of_files package-lock.json scripts/config/device.vite.config.ts device -name '*.ts' ! -path 'device/testing/*' ! -name '*.test.ts'
}

is_current() {
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# What a developer installed by hand is left alone as long as it is what the lockfile asks for.
modules_are_current() {
  node "$root/scripts/lib/modules-match.ts" "$root" 2>/dev/null || return 1
  [ ! -f "$modules_stamp_file" ] || is_current "$modules_stamp_file" "$1"
}

ensure_modules() {
  modules_stamp_file=$root/node_modules/.kerberos-edge-stamp
  stamp=$(modules_stamp)
  if ! modules_are_current "$stamp"; then
    say 'Installing the packages of the project. Two of them are compiled for this machine: that takes some minutes the first time.'
    (cd "$root" && npm ci --no-audit --no-fund --loglevel=error </dev/null >&2) ||
      die 'the packages of the project could not be installed; the lines above say why.'
  fi
  is_current "$modules_stamp_file" "$stamp" || printf '%s' "$stamp" >"$modules_stamp_file"
}

# ensure_built PART STAMP FILE: builds the part unless FILE was built of the same.
ensure_built() {
  if is_current "$root/build/$1.stamp" "$2" && [ -f "$root/build/$1/$3" ]; then return 0; fi
  say "Building the $1."
  (cd "$root" && npm run --silent "build:$1" </dev/null >&2) || die "the $1 could not be built; the lines above say why."
  printf '%s' "$2" >"$root/build/$1.stamp"
}

ensure_build() {
  ensure_built device "$(device_stamp)" main.js
  ensure_built portal "$(portal_stamp)" index.html
}

# The device, in place of this shell. Small young generations and few memory arenas: it runs for years beside its cameras on little memory.
# Packets live outside of the heap; counting them against the whole limit, and letting the whole double before a full collection, spares
# one every few seconds: with eight cameras these took half of the processor time.
exec_device() {
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
  exec node --max-semi-space-size=4 --external-memory-accounted-in-global-limit --heap-growing-percent=100 "$root/build/device/main.js" "$@"
}
