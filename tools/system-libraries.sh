#!/bin/sh
# Qt's own libraries come with PySide6; these come with the system. Where root and apt allow it,
# what is missing is installed; else it is named in one line to paste. Arguments are programs wanted
# besides, each the package of its name in small letters: tests open a real window under Xvfb.
set -eu

[ "$(uname -s)" = Linux ] || exit 0

# soname and the Debian package that holds it
wanted="
libGL.so.1 libgl1
libEGL.so.1 libegl1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libX11.so.6 libx11-6
libXext.so.6 libxext6
libXss.so.1 libxss1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-xinerama.so.0 libxcb-xinerama0
libxcb-xkb.so.1 libxcb-xkb1
libpulse.so.0 libpulse0
libasound.so.2 libasound2
"

known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
missing=$(echo "$wanted" | while read -r library package; do
    [ -n "$library" ] || continue
    case "$known" in *"$library "*) ;; *) echo "$package" ;; esac
done | sort -u | tr '\n' ' ')
for program in "$@"; do
    command -v "$program" >/dev/null || missing="$missing$(echo "$program" | tr 'A-Z' 'a-z') "
done

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing the system libraries that Qt needs: $missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # a list of packages
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } \
        >/dev/null && exit 0
fi
echo "Qt needs system libraries that are missing here. On Debian or Ubuntu, paste:"
echo "  sudo apt-get install -y $missing"
# Tests draw offscreen and need few of them: say it, and let the caller go on.
