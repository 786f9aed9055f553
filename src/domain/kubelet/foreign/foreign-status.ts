import type { ContainerExit } from '../../container-runtime/container.ts';
import { toTime, type Clock } from '../../meta/clock.ts';
import type { Pod, PodStatus } from '../../meta/types.ts';
import { label } from '../pod/pod-identity.ts';
import { podStatus } from '../status/pod-status.ts';
import type { ForeignGroup } from './foreign-group.ts';
import { containerNames } from './foreign-names.ts';

export type ForeignStatusContext = {
  engine: string;
  reportsOomKilled: boolean;
  clock: Clock;
  hostIp(): string;
  /** By container id: how the run before the present one ended, as far as somebody saw it. */
  lastExits: ReadonlyMap<string, ContainerExit>;
};

export function foreignStatus(pod: Pod, group: ForeignGroup, context: ForeignStatusContext): PodStatus {
  const names = containerNames(group.containers);
  const containers = group.containers.map((c) => ({ ...c, labels: { [label.container]: names.get(c.id)! } }));
  const address = containers.flatMap(({ addresses }) => addresses)[0]?.ip;
  const podIp = address ?? (pod.spec?.hostNetwork ? context.hostIp() : undefined);
  const exits = containers.flatMap(({ id, state }) => {
    const exit = state.kind === 'restarting' ? state.exit : context.lastExits.get(id);
    return exit === undefined ? [] : [[names.get(id)!, exit] as const];
  });
  // How one ended is all that is known; whether the engine gave up or somebody stopped it is not. When it is started again, it lives again.
  const { containerStatuses: _before, phase: _phase, ...kept } = pod.status ?? {};
  const isOver = containers.every(({ state }) => state.kind === 'exited');
  const shown = { ...pod, spec: { ...pod.spec!, ...(isOver ? { restartPolicy: 'Never' } : {}) }, status: kept };
  const { startTime: _startTime, ...status } = podStatus(
    shown,
    {
      containers,
      sandbox: { id: group.id, name: group.name, labels: {}, state: 'ready', createdAt: new Date(0), addresses: [] },
    },
    {
      now: context.clock.now(),
      engine: context.engine,
      engineBacksOff: true,
      reportsOomKilled: context.reportsOomKilled,
      isHeld: () => false,
      imageRef: ({ imageId }) => imageId,
      restartedByEngine: () => false,
      hostIp: context.hostIp(),
      ...(podIp === undefined ? {} : { podIp }),
      waiting: new Map(),
      lastExits: new Map(exits),
      lastWords: () => undefined,
      givenTo: () => undefined,
      resizes: new Map(),
      probes: { ready: () => true, started: () => true },
    },
  );
  const oldest = Math.min(...containers.map(({ createdAt }) => createdAt.getTime()));
  return { ...status, startTime: toTime(new Date(oldest)) };
}
