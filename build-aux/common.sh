# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What build-aux/run and build-aux/check have in common; they source it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The system's own tools before whatever else the path holds: the Python of a version manager, for
# one, has neither Meson nor GObject's bindings.
export PATH="/usr/bin:/bin:${PATH:-}:/usr/sbin:/sbin"

# Meson and Python want a locale that knows UTF-8; a minimal system has this one only.
[ -n "${LC_ALL-}${LC_CTYPE-}${LANG-}" ] || export LANG=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1

# configure DIRECTORY [OPTION]…: lays out a build folder, or takes an old one up again.
configure ()
{
  local directory=$1
  shift
  if [ -f "$directory/build.ninja" ]; then
    meson setup --reconfigure "$@" "$directory" "$root" < /dev/null && return
    # Laid out by another version of Meson, or broken off half-way.
    echo "Starting $directory afresh."
    meson setup --wipe "$@" "$directory" "$root" < /dev/null
  else
    meson setup "$@" "$directory" "$root" < /dev/null
  fi
}
