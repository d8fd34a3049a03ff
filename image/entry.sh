#!/bin/sh
# What the container starts with: is there a place to keep things, are devices named, then the supervisor takes over.
set -eu
here=$(dirname "$(readlink -f "$0")")
data=${KERBEROS_DATA_DIR:-/data}

say() {
  printf 'entry: %s\n' "$*" >&2
}

# A full volume is sound: the device has room put by for that, and deletes its oldest recordings by itself.
volume_is_sound() {
  if [ -z "${KERBEROS_DATA_DIR:-}" ] && ! mountpoint -q "$data"; then return 1; fi
  probe=$data/.entry-probe
  said=$( (LC_ALL=C dd if=/dev/zero of="$probe" bs=512 count=1 conv=fsync status=none && rm "$probe") 2>&1) && return 0
  case $said in
    *'No space left'*) return 0 ;;
  esac
  say "$said"
  return 1
}

if [ "${1:-run}" != run ]; then exec kerberos "$@"; fi
if ! volume_is_sound; then
  say "the data volume $data cannot be used: the portal's address says what to do"
  exec kerberos rescue
fi
"$here/start-udev.sh" || say 'devices are not named here (udev did not start): Pi cameras are not found, network cameras are'
exec kerberos "$@"
