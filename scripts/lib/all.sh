# shellcheck shell=sh
# What every command sources, with $root set to the folder of the project.
: "${root:?}"

# shellcheck source=scripts/lib/say.sh
. "$root/scripts/lib/say.sh"
# shellcheck source=scripts/lib/as-root.sh
. "$root/scripts/lib/as-root.sh"
# shellcheck source=scripts/lib/packages.sh
. "$root/scripts/lib/packages.sh"
# shellcheck source=scripts/lib/node.sh
. "$root/scripts/lib/node.sh"
# shellcheck source=scripts/lib/build.sh
. "$root/scripts/lib/build.sh"
# shellcheck source=scripts/lib/local-network.sh
. "$root/scripts/lib/local-network.sh"
