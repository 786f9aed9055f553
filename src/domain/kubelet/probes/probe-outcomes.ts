import type { Containers } from '../../container-runtime/container.ts';
import type { Logger } from '../../meta/logger.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { ContainerEnding } from '../hooks/container-ending.ts';
import { podContainers } from '../pod/container-kinds.ts';
import type { ProbeKind, ProberListener } from './prober.ts';

export type ProbeOutcomesOptions = {
  containers: Containers;
  ending: ContainerEnding;
  recorder: EventRecorder;
  logger: Logger;
  wake: (podUid: string) => void;
};

/** What follows from probes: status, events, and a restart by the engine, whose one call leaves nothing stopped half-way. */
export function probeOutcomes({ containers, ending, recorder, logger, wake }: ProbeOutcomesOptions): ProberListener {
  const restart = async (pod: Pod, name: string, id: string, kind: ProbeKind): Promise<void> => {
    const container = podContainers(pod).find((c) => c.container.name === name)?.container;
    const grace = (container && ownGrace(container, kind)) ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
    await containers.restart(id, container ? await ending.preStop(pod, container, id, grace) : grace);
  };
  return {
    changed: wake,
    failed(pod, container, kind, message) {
      const text = `${kind[0]!.toUpperCase()}${kind.slice(1)} probe failed: ${message}`;
      recorder.event(pod, 'Warning', 'Unhealthy', text, `spec.containers{${container}}`);
    },
    unhealthy(pod, container, id, kind) {
      recorder.event(pod, 'Normal', 'Killing', `Container ${container} failed ${kind} probe, will be restarted`);
      restart(pod, container, id, kind).catch((error: unknown) =>
        logger.warn({ error, id }, 'cannot restart an unhealthy container'),
      );
    },
  };
}

/** A probe may give less time than the pod (kuberuntime_container.go setTerminationGracePeriod). */
const ownGrace = (container: Container, kind: ProbeKind): number | undefined =>
  container[`${kind}Probe`]?.terminationGracePeriodSeconds;
