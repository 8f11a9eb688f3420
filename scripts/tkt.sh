#!/usr/bin/env bash
# The published entry of the bundle commands: runs the skill's dist/tkt.cjs with the same arguments, streams and exit
# code, however this file is called. Without a usable node it answers as that program would: one JSON line, exit 6.

case $0 in
  */*) entry=$0 ;;
  *) entry=./$0 ;;
esac
while [ -L "$entry" ]; do
  link=$(readlink "$entry")
  case $link in
    /*) entry=$link ;;
    *) entry=${entry%/*}/$link ;;
  esac
done
skill=$(CDPATH= cd -P -- "${entry%/*}/.." && pwd)

refuse() {
  printf '{"ok":false,"status":"error","error":"NODE_UNAVAILABLE","error_code":"SK-SYS-002","message":"%s","hint":"%s"}\n' \
    "$1; 20.19 or newer is needed" \
    'install Node.js 20.19 or newer (https://nodejs.org), put it on the PATH and run the same command again'
  exit 6
}

command -v node >/dev/null 2>&1 || refuse 'node was not found on the PATH'
version=$(node --version 2>/dev/null)
version=${version#v}
major=${version%%.*}
minor=${version#*.}
minor=${minor%%.*}
case $major$minor in
  '' | *[!0-9]*) refuse 'node on the PATH does not run' ;;
esac
if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
  refuse "node $major.$minor was found on the PATH"
fi

exec node "$skill/dist/tkt.cjs" "$@"
