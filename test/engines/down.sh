#!/bin/sh
# Ends the engines that up.sh started, and no others. Containers are removed first: Podman's would run on without its service.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/settings.sh"

# started NAME: prints its pid, if the process that up.sh started still runs
started() {
  [ -e "$state/$1.started" ] || return 1
  read -r pid since <"$state/$1.started"
  [ -n "$since" ] && [ "$(start_time "$pid")" = "$since" ] && echo "$pid"
}

remove_containers() {
  case $1 in
  podman)
    podman --remote --url "unix://$podman_socket" pod rm --all --force --time 0
    podman --remote --url "unix://$podman_socket" rm --all --force --time 0
    ;;
  docker)
    ids=$(docker --host "unix://$docker_socket" ps --all --quiet)
    # shellcheck disable=SC2086
    [ -z "$ids" ] || docker --host "unix://$docker_socket" rm --force --volumes $ids
    ;;
  esac >/dev/null
}

end() {
  if pid=$(started "$1"); then
    remove_containers "$1" || say "$1: containers are left"
    kill -TERM "$pid"
    for _ in $(seq 150); do
      started "$1" >/dev/null || break
      sleep 0.2
    done
    if pid=$(started "$1"); then kill -KILL "$pid"; fi
    say "$1 ended"
  fi
  rm -f "$state/$1.started"
}

end podman
end docker
