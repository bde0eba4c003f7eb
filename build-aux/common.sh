# common.sh: what the scripts of this folder share; they source it
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh

# Everything that these scripts say goes to stderr: stdout belongs to the program that they run.
say () {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die () {
    say "$@"
    exit 3
}

is_root () {
    [ "$(id -u)" -eq 0 ]
}

# Usage: end PID…: asks each to end, and returns when it has. Only for children of the caller, and
# for daemons whose pid file lies in a folder that the caller made.
end () {
    for pid; do
        kill "$pid" 2> /dev/null || continue
        tries=100
        while kill -0 "$pid" 2> /dev/null && [ "$tries" -gt 0 ]; do
            sleep 0.1
            tries=$((tries - 1))
        done
        kill -9 "$pid" 2> /dev/null || :
    done
}

# Usage: build_in FOLDER SOURCE MESON-OPTION…
build_in () {
    [ -e "$1/build.ninja" ] || meson setup "$@" || return
    meson compile -C "$1"
}

# A place for a copy of the tree in $1, below the home in $2; the same one each time.
copy_place () {
    echo "$2/.cache/cvmtester/tree-$(printf '%s' "$1" | cksum | cut -d ' ' -f 1)"
}

# Usage: copy_tree FROM TO ENTRY…: as the user of as-user, who need not be able to read FROM. Times
# are kept, so that what was built from an older copy is still good.
copy_tree () {
    from=$1 to=$2
    shift 2
    "$from/build-aux/as-user" mkdir -p "$to"
    tar -C "$from" -cf - -- "$@" |
        "$from/build-aux/as-user" tar -C "$to" --no-same-owner -xf -
}
