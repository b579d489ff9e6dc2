#!/bin/sh
# Prints the Python to build the environment with: 3.11 or newer, able to make one.
able='import sys, venv; sys.exit(sys.version_info < (3, 11))'
whole='import ensurepip'
seen=''
second=''
for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
  path=$(command -v "$name" 2>/dev/null) || continue
  version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
  seen="$seen $name ($version)"
  "$path" -c "$able" 2>/dev/null || continue
  if "$path" -c "$whole" 2>/dev/null; then
    echo "$path"
    exit 0
  fi
  second=${second:-$path}
done
if [ -n "$second" ] && "$second" -m pip --version >/dev/null 2>&1; then
  echo "$second"
elif [ -n "$second" ]; then
  echo "$second has neither ensurepip nor pip: install its venv package (on Debian: apt-get install python3-venv), then try again." >&2
  exit 1
else
  echo "Alongside needs Python 3.11 or newer and found${seen:- none}: install one, or name it with PYTHON=/path/to/python." >&2
  exit 1
fi
