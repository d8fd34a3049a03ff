# shellcheck shell=sh
# Sourced after say.sh. The only place that asks for more rights.

# True when this shell may become root: it is, or there is a sudo to ask.
can_be_root() {
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}
