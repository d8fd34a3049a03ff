#!/bin/busybox sh
# shellcheck shell=dash
# What balenaOS and its container engine are to the image, in as few lines as it takes: mounts, network, and start again when it ends.
# Runs as process 1 of the emulated machine, before and outside of the image's own file system.
PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
# shellcheck disable=SC2086 # one word a parameter
while read -r module parameters; do insmod "$module" $parameters 2>/dev/null || echo "bench: $module is not taken"; done </modules.list
waited=0
while [ ! -b /dev/vda ] && [ "$waited" -lt 200 ]; do
  usleep 50000
  waited=$((waited + 1))
done

case $(cat /bench/root) in
  disk) mount -t ext4 -o rw,noatime /dev/vdb /box || exec sh ;;
  folder)
    mkdir /below /above
    mount -t tmpfs tmpfs /above
    mkdir /above/changes /above/work
    mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=1048576 box /below || exec sh
    mount -t overlay -o lowerdir=/below,upperdir=/above/changes,workdir=/above/work overlay /box || exec sh
    ;;
esac
mkdir -p /box/data
case $(cat /bench/mounted) in
  writable) mount -t ext4 -o rw,noatime,errors=remount-ro /dev/vda /box/data || echo 'bench: the data volume cannot be mounted' ;;
  read-only) mount -t ext4 -o ro,noatime /dev/vda /box/data || echo 'bench: the data volume cannot be mounted' ;;
esac

# Hardware that a board has and this machine has not, as far as the kernel can play it: 54 pins in the name of a Pi 4, and its green light.
if [ -d /sys/kernel/config ]; then mount -t configfs configfs /sys/kernel/config; fi
if [ -d /sys/kernel/config/gpio-sim ]; then
  chip=/sys/kernel/config/gpio-sim/board
  mkdir -p "$chip/bank"
  echo 54 >"$chip/bank/num_lines"
  echo pinctrl-bcm2711 >"$chip/bank/label"
  echo 1 >"$chip/live"
fi
if [ -e /dev/uleds ]; then
  # The light is there for as long as somebody holds it: its name in 64 bytes, then the number of its steps.
  { printf ACT; head -c 61 /dev/zero; printf '\377\0\0\0'; } >/run/light
  { dd if=/run/light bs=68 count=1 2>/dev/null; sleep 1000000; } >/dev/uleds &
  waited=0
  while [ ! -e /sys/class/leds/ACT ] && [ "$waited" -lt 100 ]; do
    usleep 20000
    waited=$((waited + 1))
  done
  # As a Pi's: it shows what the card does, and here, where no card is, a heartbeat.
  echo heartbeat >/sys/class/leds/ACT/trigger
fi

# As a container engine gives it: a small /dev of its own, in which the image itself shows the kernel's.
mount -t tmpfs -o mode=755 tmpfs /box/dev
mkdir /box/dev/pts /box/dev/shm /box/dev/mqueue
mknod -m 666 /box/dev/null c 1 3
mknod -m 666 /box/dev/zero c 1 5
mknod -m 666 /box/dev/random c 1 8
mknod -m 666 /box/dev/urandom c 1 9
mount -t devpts -o mode=620,ptmxmode=666 devpts /box/dev/pts
mount -t tmpfs -o mode=1777 tmpfs /box/dev/shm
mount -t mqueue mqueue /box/dev/mqueue
mount -t sysfs sysfs /box/sys
mount -t proc proc /box/proc
mkdir -p /box/bench
mount -t tmpfs tmpfs /box/bench
cp /bench/* /box/bench/

ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
ip -6 address flush dev eth0
echo "bench: up $(cut -d ' ' -f 1 /proc/uptime)"

[ ! -f /bench/host.sh ] || sh /bench/host.sh start || echo 'bench: the surroundings are not there'

# Programs that the bench wants to run beside the device come through here.
(while :; do
  # Opened once for both ways: the kernel lets nobody open it a second time.
  for port in /dev/vport*; do sh 0<>"$port" 1>&0 2>&0; done
  usleep 200000
done) &

# The first process of a container of its own, started again whatever its status.
# Whoever changes /bench/container.sh has installed another release.
while :; do
  unshare -m -p -f chroot /box /bench/container.sh
  echo "bench: the container ended with $?"
  sleep 1
done
