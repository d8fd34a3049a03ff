#!/bin/sh
# The Debian packages of the image, installed while it is built. PI_CAMERA=yes adds the camera programs of Raspberry Pi.
set -eu

packages='
ffmpeg
libavahi-compat-libdnssd1
ca-certificates
udev
v4l-utils
gpiod
mount
e2fsprogs
tini
'
pi_archive=https://archive.raspberrypi.com/debian
pi_key=CF8A1AF502A2AA2D763BAE7E82B129927FA3303E

# What comes along and is opened by nobody here: drivers and a compiler for graphics cards (ffmpeg's playback half), the large part of
# Perl (v4l-utils; what Debian's own scripts need is another part), look-ahead for Intel's encoder, names of all hardware ever sold.
exclude_what_nobody_opens() {
  cat >/etc/dpkg/dpkg.cfg.d/kerberos-edge <<'RULES'
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/info/*
path-exclude=/usr/lib/*/dri/*
path-exclude=/usr/lib/*/libLLVM-*
path-exclude=/usr/lib/*/libz3.so*
path-exclude=/usr/lib/*/perl/*
path-exclude=/usr/share/perl/*
path-exclude=/usr/lib/*/mfx/*
path-exclude=/usr/lib/udev/hwdb.d/20-*
RULES
}

# Fetches the key of the archive and trusts it only when it is the one that is known.
add_pi_archive() {
  keyring=/usr/share/keyrings/raspberrypi.gpg
  apt-get install -y -q --no-install-recommends curl gpg
  curl -fsSL "$pi_archive/raspberrypi.gpg.key" | gpg --dearmor >"$keyring"
  found=$(gpg --show-keys --with-colons "$keyring" | sed -n 's/^fpr:*\([0-9A-F]*\):*$/\1/p' | head -n 1)
  if [ "$found" != "$pi_key" ]; then
    echo "The key of $pi_archive is $found, not the known one: nothing of it is installed." >&2
    exit 1
  fi
  echo "deb [signed-by=$keyring] $pi_archive bookworm main" >/etc/apt/sources.list.d/raspberrypi.list
  apt-get purge -y -q --auto-remove curl gpg
  apt-get update -q
}

exclude_what_nobody_opens
apt-get update -q
case ${PI_CAMERA:-no} in
  yes)
    if [ "$(dpkg --print-architecture)" != arm64 ]; then
      echo 'PI_CAMERA=yes is for arm64 only: no other machine has a Pi camera.' >&2
      exit 1
    fi
    add_pi_archive
    packages="$packages rpicam-apps-lite"
    ;;
  *) echo 'This image is built without the programs for the Pi camera (PI_CAMERA=no): network and USB cameras work, a Pi camera is not found.' ;;
esac
# shellcheck disable=SC2086 # one word a package
apt-get install -y -q --no-install-recommends $packages

# What differs from build to build, or is made anew when it is missed.
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old /var/lib/dpkg/*-old \
  /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/log/fontconfig.log /var/cache/fontconfig/* /var/cache/apt/archives/*.deb
