# shellcheck shell=sh disable=SC2034
# Sourced by up.sh and down.sh. The sockets are the same variables that the tests read.
docker_socket=${K2D_TEST_DOCKER_SOCKET:-/var/run/docker.sock}
podman_socket=${K2D_TEST_PODMAN_SOCKET:-/run/podman/podman.sock}
# More words for the command lines of both: roots of their own, for a second pair beside one that is in use.
docker_options=${K2D_TEST_DOCKER_OPTIONS:-}
podman_options=${K2D_TEST_PODMAN_OPTIONS:-}
# Where logs, and the pids of what was started, are kept; one folder for each pair of engines.
state=${K2D_TEST_ENGINES_DIR:-/run/k2d-test-engines}
image=docker.io/library/busybox:1.35

say() { printf 'engines: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# answers SOCKET: both engines answer Docker's ping
answers() { [ "$(curl -s --max-time 5 --unix-socket "$1" http://engine/_ping 2>/dev/null)" = OK ]; }

# start_time PID: in clock ticks since boot; with it a pid cannot be taken for a later process that got the same number
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
