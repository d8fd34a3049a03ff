# shellcheck shell=sh
# Sourced after say.sh and as-root.sh. Debian packages, each with the reason it is wanted for.
# shellcheck disable=SC2034 # the lists are for the commands that source this file

# One line a package: `name # why`. Where releases of Debian and Raspberry Pi OS disagree about a name: `name|other-name # why`.
packages_to_run='
ffmpeg # opens cameras and copies their video
v4l-utils # asks USB cameras what they can do, and sets their exposure, focus and so on
avahi-daemon # makes the device known as kerberos.local
libavahi-compat-libdnssd-dev # announces the services of the device on the local network
dbus # the way to avahi
build-essential # compiles the database and announcement modules for this machine
python3 # the build of those modules is written in it
ca-certificates # checks who the package registry is
xz-utils # unpacks packages
'
packages_to_test='
chromium|chromium-browser # shows the portal to the end-to-end tests
fonts-dejavu-core # letters for its screenshots
python3-gi # drives the RTSP server that plays the cameras
gir1.2-gst-rtsp-server-1.0 # that RTSP server
gstreamer1.0-plugins-base # its basic parts
gstreamer1.0-plugins-good # its RTP payloaders
gstreamer1.0-plugins-bad # its H.265 parser
gstreamer1.0-plugins-ugly # its H.264 encoder
faketime # clocks that step, for the time tests
strace # records writes, for the power-cut tests
iproute2 # network namespaces, for the name tests
dnsmasq-base # answers names as the host of an access point does, for the network tests
python3-dbusmock # plays NetworkManager and the time services on a bus of its own, for the network tests
avahi-utils # asks for names and services as a stranger would
procps # looks at running processes
dosfstools # makes the card for the image tests
e2fsprogs # makes the disk for the tests of recording places
'
packages_to_check='
shellcheck # reads the shell scripts
'
packages_to_image='
buildah # builds the image without a daemon
runc # the part of it that would run containers
mmdebstrap # makes the base image from packages
arch-test # tells whether programs of another architecture run here
'
packages_to_emulate='
qemu-system-x86 # the machine that the image boots on
cpio # packs what it boots with
busybox-static # the programs in that
e2fsprogs # makes its disks
kmod # finds out which drivers need which
'
packages_to_emulate_arm64='
qemu-system-arm # the machine that the image for a Raspberry Pi boots on
'
# Not for tests: on a machine with systemd its service starts by itself and takes hold of a camera.
packages_to_bench='
motion # what the benchmark compares with
'

# Prints the lines of list $1 of which no name is installed.
missing_packages() {
  # shellcheck disable=SC2016,SC2046 # the format is dpkg's own language; one word a package is meant
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(printf '%s\n' "$1" | sed 's/ #.*//' | tr '|' '\n') 2>/dev/null |
    sed -n 's/^installed //p' | tr '\n' ' ')
  printf '%s\n' "$1" | while IFS= read -r line; do
    [ -n "$line" ] || continue
    missing=yes
    for name in $(names_of "$line"); do
      case " $installed" in *" $name "*) missing=no ;; esac
    done
    [ "$missing" = no ] || printf '%s\n' "$line"
  done
}

# The names in one line of a list.
names_of() {
  (
    IFS='|'
    # shellcheck disable=SC2086 # split where the bars are
    printf '%s\n' ${1%% #*}
  )
}

# Prints the names to install for the lines of list $1: of several names the first that this release offers.
names_to_install() {
  printf '%s\n' "$1" | while IFS= read -r line; do
    chosen=
    for name in $(names_of "$line"); do
      [ -n "$chosen" ] || [ -z "$(apt-cache madison "$name" 2>/dev/null)" ] || chosen=$name
    done
    printf '%s\n' "${chosen:-$(names_of "$line" | head -n 1)}"
  done
}

# Installs what is missing of list $1, needed in order to $2 ("run Kerberos Edge"). Says first what and why. Nothing missing: says nothing.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    say "This is not a Debian system. Have these installed to $2:"
    say "$(printf '%s' "$1" | sed '/^$/d; s/^/  /')"
    return 0
  fi
  missing=$(missing_packages "$1")
  [ -n "$missing" ] || return 0
  say "To $2, these Debian packages will be installed:"
  say "$(printf '%s\n' "$missing" | sed 's/^\([^ ]*\) # /  \1: /')"
  can_be_root || die "this needs the rights of root. Run it again as root, or install sudo, or have the packages above installed by somebody who may."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || say 'Some package lists could not be updated; going on with those that are there.'
  # shellcheck disable=SC2046 # one word a package is meant
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(names_to_install "$missing") </dev/null >&2 ||
    die 'the packages could not be installed; the lines above say why. Nothing else was changed; run this again when it is mended.'
}
