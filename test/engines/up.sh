#!/bin/sh
# Brings up what the tests need: one Docker and one Podman that answer on their sockets and hold busybox:1.35. For Debian, as root.
# Run again it changes nothing; an engine that answers already is used as it is. down.sh ends what was started here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/settings.sh"
[ "$(id -u)" = 0 ] || fail 'needs root'
mkdir -p "$state"

main() {
  # In a subshell: its trap takes back the policy as soon as the packages are there.
  (install_missing curl ca-certificates busybox-static procps iproute2 iptables nftables conntrack \
    docker.io containerd runc podman crun conmon netavark aardvark-dns catatonit)
  # Debian 12 has the command line in docker.io, Debian 13 apart.
  if ! command -v docker >/dev/null; then (install_missing docker-cli); fi
  mount_cgroups
  if ! answers "$docker_socket"; then start_docker; fi
  if ! answers "$podman_socket"; then start_podman; fi
  import_image "$docker_socket" "images/$image/json" 'images/create?fromSrc=-&repo=docker.io/library/busybox&tag=1.35'
  import_image "$podman_socket" "v4.0.0/libpod/images/$image/json" "v4.0.0/libpod/images/import?reference=$image"
}

install_missing() {
  missing=
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing$missing"
  # invoke-rc.d(8): 101 keeps the packages from starting their services.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  for attempt in 1 2 3; do
    # shellcheck disable=SC2086
    if apt_get update && apt_get install -y --no-install-recommends $missing; then return; fi
    say "apt-get has failed (attempt $attempt)"
    sleep $((attempt * 3))
  done
  fail "packages cannot be installed: $(tail -n 3 "$state/apt.log")"
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >>"$state/apt.log" 2>&1; }

# Where no init system did it, for one.
mount_cgroups() {
  if grep -qE ' - cgroup2? ' /proc/self/mountinfo; then return; fi
  mkdir -p /sys/fs/cgroup
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  for controller in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller" || rmdir "/sys/fs/cgroup/$controller"
  done
}

start_docker() {
  pidfile=$state/dockerd.pid
  # One that was killed leaves its pid file, and the next would not start. A zombie has no program any more.
  case $(readlink "/proc/$(cat "$pidfile" 2>/dev/null)/exe") in
  */dockerd) ;;
  *) rm -f "$pidfile" ;;
  esac
  # shellcheck disable=SC2086
  start docker "$docker_socket" dockerd $docker_options --host "unix://$docker_socket" --pidfile "$pidfile"
}

start_podman() {
  config=/etc/containers/containers.conf.d/50-k2d-test.conf
  mkdir -p "$(dirname "$config")" "$(dirname "$podman_socket")"
  podman_settings >"$config"
  # shellcheck disable=SC2086
  start podman "$podman_socket" podman $podman_options system service --time=0 "unix://$podman_socket"
}

# Read when podman starts. Podman asks for 1048576 of both limits and fails where a process may have less; it lowers its own number
# of processes to pid_max. crun refuses a layout with both versions of cgroups. Each exec leaves two processes for exit_command_delay seconds.
podman_settings() {
  files=$(least 1048576 "$(ulimit -H -n)")
  processes=$(least "$(cat /proc/sys/kernel/pid_max)" "$(awk '/^Max processes/ { print $4 }' /proc/self/limits)")
  printf '# Written by the tests of k2d.\n[containers]\n'
  printf 'default_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\n' "$files" "$files" "$processes" "$processes"
  printf '[network]\nnetwork_backend = "netavark"\n[engine]\nexit_command_delay = 5\n'
  if grep -q ' - cgroup ' /proc/self/mountinfo; then echo 'runtime = "runc"'; fi
  if [ ! -d /run/systemd/system ]; then printf 'cgroup_manager = "cgroupfs"\nevents_logger = "file"\n'; fi
}

least() { if [ "$2" = unlimited ] || [ "$1" -lt "$2" ]; then echo "$1"; else echo "$2"; fi; }

# start NAME SOCKET COMMAND...: in a session of its own, so that it outlives the caller; waits until it answers. Again when it ends:
# after a crash, what is left of the one before may still be in the way.
start() {
  name=$1 socket=$2
  shift 2
  # conmon 2.1.6 writes a file `oom` into the folder in which Podman's service was started.
  cd "$state"
  for _ in 1 2 3; do
    say "starting $name"
    setsid "$@" </dev/null >>"$state/$name.log" 2>&1 &
    echo "$! $(start_time $!)" >"$state/$name.started"
    if answers_while_running $! "$socket"; then return; fi
  done
  tail -n 20 "$state/$name.log" >&2
  fail "$name does not answer on $socket"
}

answers_while_running() {
  for _ in $(seq 300); do
    if answers "$2"; then return 0; fi
    kill -0 "$1" 2>/dev/null || return 1
    sleep 0.2
  done
  fail "no answer on $2 within a minute, see $state"
}

# import_image SOCKET QUESTION REQUEST: Debian's static busybox as an image, where it is missing
import_image() {
  if curl -sf -o /dev/null --max-time 30 --unix-socket "$1" "http://engine/$2"; then return; fi
  busybox_root | curl -sS --fail-with-body -o /dev/null --max-time 120 --unix-socket "$1" -X POST -H 'Content-Type: application/x-tar' \
    -T - "http://engine/$3&changes=CMD%20%5B%22%2Fbin%2Fsh%22%5D&changes=ENV%20PATH%3D%2Fbin" || fail "$image cannot be imported"
}

busybox_root() {
  root=$(mktemp -d)
  (
    cd "$root"
    mkdir -m 1777 tmp
    mkdir bin dev etc proc root sys
    cp /bin/busybox bin/
    for applet in $(bin/busybox --list); do ln -s busybox "bin/$applet" 2>/dev/null || true; done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >etc/passwd
    printf 'root:x:0:\nnogroup:x:65534:\n' >etc/group
  )
  tar -C "$root" --owner=0 --group=0 --numeric-owner -c .
  rm -rf "$root"
}

main
