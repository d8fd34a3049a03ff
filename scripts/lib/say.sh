# shellcheck shell=sh
# Words to the person at the terminal. They go to stderr: stdout belongs to what is started in the end.

say() {
  printf '%s\n' "$*" >&2
}

die() {
  printf 'kerberos-edge: %s\n' "$*" >&2
  exit 1
}
