#!/bin/sh
# What the whole suite needs beside Python: a real Redis, a real browser, tools that are not ours to check with.
set -u
need=""
want() { if ! eval "$1" >/dev/null 2>&1; then need="$need $2"; fi; }
want 'command -v redis-server' redis-server
want 'command -v chromium || command -v google-chrome' chromium
want 'fc-list :lang=zh | grep .' 'fontconfig fonts-noto-cjk'
want 'command -v pdftotext' poppler-utils
want 'command -v zbarimg' zbar-tools
want 'command -v openssl' openssl
want 'command -v go' golang-go
want 'test -d /usr/share/gocode/src/golang.org/x/mod/sumdb' golang-golang-x-mod-dev
[ -z "$need" ] && exit 0
as_root=""
if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
if command -v apt-get >/dev/null 2>&1 && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
  echo "Installing with apt-get:$need" >&2
  # shellcheck disable=SC2086
  $as_root sh -c "apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null" && exit 0
fi
cat >&2 <<LOUD
!!! ------------------------------------------------------------------------------------------
!!! Tests that need these programs will be SKIPPED:$need
!!! Install them and run again:  sudo apt-get install -y$need
!!! ------------------------------------------------------------------------------------------
LOUD
exit 0
