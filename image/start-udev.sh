#!/bin/sh
# Devices and their names inside of the container, as the host has them: balenaOS shares neither /run/udev nor the names below /dev.
# libcamera finds no camera without udev's notes, and /dev/v4l/by-id is where a USB camera keeps its name.
set -eu

# The container's /dev is a copy made at its start; the kernel's own knows what is plugged in later.
show_kernel_devices() {
  ! grep -q '^[^ ]* /dev devtmpfs ' /proc/mounts || return 0
  fresh=$(mktemp -d)
  mount -t devtmpfs devtmpfs "$fresh"
  for kept in shm mqueue pts console; do
    if grep -q " /dev/$kept " /proc/mounts; then
      if [ "$kept" = console ]; then [ -e "$fresh/console" ] || : >"$fresh/console"; else mkdir -p "$fresh/$kept"; fi
      mount --move "/dev/$kept" "$fresh/$kept"
    fi
  done
  ln -sf pts/ptmx "$fresh/ptmx"
  mount --move "$fresh" /dev
  rmdir "$fresh"
}

show_kernel_devices
mkdir -p /run/udev
# In a network of its own: the names of the host's network interfaces are the host's affair.
unshare --net /lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle --timeout=20
