#!/bin/busybox sh
# shellcheck shell=dash
# What is around the device where a suite asks for it, of Debian's own programs on a disk of their own: the services of the operating system
# that the container reaches over the bus (names, NetworkManager, udev), another host on the same cable, and two with a radio: the router of the
# house and a phone. Each of those has a network of its own in this kernel; the radios are the kernel's, and hear one another through it.
PATH=/bin
conf=/host/run/bench

on_host() {
  chroot /host /usr/bin/env PATH=/usr/sbin:/usr/bin SYSTEMD_IGNORE_CHROOT=1 "$@"
}

# As another host, by its name, a line of shell.
on_other() {
  if [ "$1" = neighbour ]; then
    on_host nsenter -t "$(cat "$conf/neighbour.pid")" -n -m -u -r -w sh -c "$2"
  else
    on_host ip netns exec "$1" sh -c "$2"
  fi
}

ended() {
  [ ! -e "$1" ] || kill "$(cat "$1")" 2>/dev/null
  rm -f "$1"
}

services() {
  cat >/host/etc/NetworkManager/conf.d/bench.conf <<CONF
[main]
auth-polkit=root-only
# Somebody else looks after these: the way to the bench, and the cable to the neighbour.
[keyfile]
unmanaged-devices=interface-name:eth0;interface-name:cable0
CONF
  hostname host
  hostname >/host/etc/hostname
  on_host mkdir -p /run/dbus /run/udev
  rm -f /host/etc/machine-id
  on_host dbus-uuidgen --ensure=/etc/machine-id
  on_host /lib/systemd/systemd-udevd --daemon
  on_host udevadm trigger --action=add --subsystem-match=net --subsystem-match=rfkill --subsystem-match=ieee80211
  on_host udevadm settle --timeout=60
  on_host dbus-daemon --system --fork
  on_host avahi-daemon -D
  on_host wpa_supplicant -B -u -s -O /run/wpa_supplicant
  # What it says stands on the console, among what the device says of it.
  on_host sh -c 'NetworkManager --debug --log-level=INFO 2>&1 | sed -u "s/^/host: /" &'
}

neighbour() {
  on_host ip link add cable0 type veth peer name eth0 netns neighbour
  ip address add 192.168.77.1/24 dev cable0
  ip link set cable0 up
  # shellcheck disable=SC2016 # for the shell there
  on_host nsenter --net=/run/netns/neighbour unshare -m -u sh -c '
    echo $$ >/run/bench/neighbour.pid
    hostname neighbour
    mount -t tmpfs tmpfs /run
    mkdir /run/dbus
    ip link set lo up
    ip address add 192.168.77.2/24 dev eth0
    ip link set eth0 up
    dbus-daemon --system --fork
    avahi-daemon -D
    exec sleep infinity' &
}

# Moves the radio of an interface to another host.
give_radio() {
  on_host iw phy "$(cat "/sys/class/net/$1/phy80211/name")" set netns name "$2"
  on_other "$2" "ip link set lo up; ip link set $1 up"
}

start() {
  # shellcheck disable=SC2086 # one word a parameter
  while read -r module parameters; do insmod "$module" $parameters 2>/dev/null || echo "bench: $module is not taken"; done </host-modules.list
  # The last disk, wherever the container's file system is.
  for disk in /dev/vd?; do :; done
  mount -t ext4 -o rw,noatime "$disk" /host || exit 1
  for place in dev proc sys; do mount --bind "/$place" "/host/$place"; done
  mount -t tmpfs tmpfs /host/run
  mkdir -p "$conf" /host/run/dbus /box/host/run/dbus
  mount --bind /host/run/dbus /box/host/run/dbus
  for name in neighbour house phone; do on_host ip netns add "$name"; done
  neighbour
  give_radio wlan1 house
  give_radio wlan2 phone
  services
  echo "bench: surroundings up $(cut -d ' ' -f 1 /proc/uptime)"
}

# The Wi-Fi of the house: name, passphrase. Its router lends addresses, and leads nowhere.
house_on() {
  house_off
  cat >"$conf/house.conf" <<CONF
interface=wlan1
ssid=$1
hw_mode=g
channel=6
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=$2
CONF
  on_other house 'ip address replace 192.168.50.1/24 dev wlan1 && hostapd -B -P /run/bench/house.pid /run/bench/house.conf &&
    dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --user=root --interface=wlan1 --bind-interfaces --except-interface=lo \
      --dhcp-range=192.168.50.50,192.168.50.99,1h --dhcp-leasefile=/run/bench/house.leases --pid-file=/run/bench/house-dhcp.pid'
}

house_off() {
  ended "$conf/house.pid"
  ended "$conf/house-dhcp.pid"
}

# The phone looks for this network for as long as it takes: name, passphrase. Ends when it was given an address.
phone_joins() {
  ended "$conf/phone.pid"
  ended "$conf/phone-dhcp.pid"
  mkdir -p /host/etc/netns/phone
  : >/host/etc/netns/phone/resolv.conf
  printf 'network={\nssid="%s"\npsk="%s"\nkey_mgmt=WPA-PSK\n}\n' "$1" "$2" >"$conf/phone.conf"
  cat >"$conf/phone-dhcp.sh" <<'SCRIPT'
#!/bin/sh
case $1 in
  bound | renew)
    ip address flush dev wlan2
    ip address add "$ip/$mask" dev wlan2
    ip route replace default via "${router%% *}" dev wlan2
    echo "nameserver ${dns%% *}" >/etc/resolv.conf
    ;;
esac
SCRIPT
  chmod +x "$conf/phone-dhcp.sh"
  on_other phone 'ip address flush dev wlan2
    wpa_supplicant -B -i wlan2 -c /run/bench/phone.conf -P /run/bench/phone.pid >/run/bench/phone.log
    busybox udhcpc -i wlan2 -s /run/bench/phone-dhcp.sh -p /run/bench/phone-dhcp.pid -t 60 -T 2 -A 2 -n -q >>/run/bench/phone.log 2>&1'
}

"$@"
