#!/bin/sh
# Runs a script of this project with the project's own Node, from a checkout that may have no node_modules yet:
#   sh scripts/with-dependencies.sh scripts/start.ts [argument]...
# The machine needs Node 20 and npm only; the Node that runs the sources (22, type stripping) comes with the `node` package.
set -eu
cd "$(dirname "$0")/.."

# npm ci empties the folder behind a link, which belongs to another checkout.
if [ -L node_modules ]; then
  echo "node_modules is a link; remove it, so that this checkout gets its own" >&2
  exit 1
fi

# npm writes the tree it installed there; older than the lock file means that the lock file has changed since.
installed=node_modules/.package-lock.json
if [ ! -x node_modules/.bin/node ] || [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  echo "Installing dependencies (a minute on a fast machine, several on a small one)"
  npm ci --no-audit --no-fund --loglevel=error
  touch "$installed"
fi

PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node "$@"
