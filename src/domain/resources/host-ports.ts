import type { Pod } from '../meta/types.ts';

type HostPort = { ip: string; protocol: string; port: number };

const anyAddress = '0.0.0.0';

const hostPortsOf = ({ spec }: Pod): HostPort[] =>
  [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort, hostIP, protocol = 'TCP' }) =>
      hostPort ? [{ ip: hostIP || anyAddress, protocol, port: hostPort }] : [],
    );

const collide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress);

/** Whether a port of the host that the pod wants is another's (kubernetes pkg/scheduler/framework HostPortInfo.CheckConflict). */
export function wantsTakenPort(pod: Pod, others: readonly Pod[]): boolean {
  const wanted = hostPortsOf(pod);
  return (
    wanted.length > 0 &&
    others.some((other) => hostPortsOf(other).some((taken) => wanted.some((w) => collide(w, taken))))
  );
}
