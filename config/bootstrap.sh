#!/bin/sh
# usage: config/bootstrap.sh run|dev   makes .venv with the locked packages of that set; nothing to do costs nothing
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
sum() { cksum < "requirements/$1.txt" | cut -d' ' -f1; }
stamp=.venv/.$want-$(sum "$want")
if [ -e "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then exit 0; fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else return 1; fi
}
fit() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
py=""
for p in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
  if command -v "$p" >/dev/null 2>&1 && fit "$p"; then py=$p; break; fi
done
if [ -z "$py" ] && command -v apt-get >/dev/null 2>&1; then
  echo "Python 3.11 or newer with venv is missing: installing python3 and python3-venv with apt-get" >&2
  as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3 python3-venv ca-certificates >/dev/null' || true
  if fit python3; then py=python3; fi
elif [ -z "$py" ] && command -v brew >/dev/null 2>&1; then
  brew install python@3.13 && py=python3.13
fi
if [ -z "$py" ]; then
  echo "Python 3.11 or newer with venv is needed. Debian, Ubuntu:  sudo apt-get install python3 python3-venv" >&2
  echo "macOS:  brew install python@3.13   Then try again; PYTHON=/path/to/python3 names another one." >&2
  exit 1
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then "$py" -m venv --clear .venv; fi
echo "Installing the locked packages ($want) into .venv with $(.venv/bin/python --version) …" >&2
if ! .venv/bin/python -m pip install -q --disable-pip-version-check --no-input --prefer-binary --require-hashes \
  -r "requirements/$want.txt"; then
  echo "The packages could not be installed; nothing was started. Is there a network? A mirror of the package index" >&2
  echo "can be named with PIP_INDEX_URL. The same command again goes on where this one stopped." >&2
  exit 1
fi
touch "$stamp"
if [ "$want" = dev ]; then touch ".venv/.run-$(sum run)"; fi  # dev holds run
