# shellcheck shell=sh
# Sourced after say.sh. The name kerberos.local needs D-Bus and avahi. Where systemd rules it starts them; a bare container has nobody to.

bus_answers() {
  dbus-send --system --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.GetId >/dev/null 2>&1
}

# Never fails: without a name the device is still found by its address, and health says so.
ensure_local_name() {
  if avahi-daemon --check 2>/dev/null && bus_answers; then return 0; fi
  if [ -d /run/systemd/system ] || [ "$(id -u)" -ne 0 ]; then
    say 'avahi-daemon is not running, so the name kerberos.local will not be announced. To have it: sudo systemctl start avahi-daemon'
    return 0
  fi
  if ! bus_answers; then
    rm -f /run/dbus/pid
    mkdir -p /run/dbus
    dbus-daemon --system --fork >/dev/null 2>&1 || say 'dbus-daemon did not start, so the name kerberos.local will not be announced.'
  fi
  avahi-daemon --check 2>/dev/null || avahi-daemon -D >/dev/null 2>&1 ||
    say 'avahi-daemon did not start, so the name kerberos.local will not be announced.'
}
