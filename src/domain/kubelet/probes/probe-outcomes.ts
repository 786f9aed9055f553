import type { Containers } from '../../container-runtime/container.ts';
import type { Logger } from '../../meta/logger.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { ContainerEnding } from '../hooks/container-ending.ts';
import { restartPolicy } from '../container-spec/restart-policy.ts';
import { fieldPathOf, podContainers } from '../pod/container-kinds.ts';
import type { ProbeResult } from './probe-result.ts';
import type { ProbeKind, ProberListener } from './prober.ts';

export type ProbeOutcomesOptions = {
  containers: Containers;
  ending: ContainerEnding;
  recorder: EventRecorder;
  logger: Logger;
  wake: (podUid: string) => void;
};

/**
 * What follows from probes: status, events, and a restart by the engine, whose one call leaves nothing stopped half-way. What is never restarted
 * is ended (kuberuntime_manager.go computePodActions).
 */
export function probeOutcomes({ containers, ending, recorder, logger, wake }: ProbeOutcomesOptions): ProberListener {
  const restart = async (pod: Pod, name: string, id: string, kind: ProbeKind): Promise<void> => {
    const found = podContainers(pod).find((c) => c.container.name === name);
    if (!found) return;
    const grace = ownGrace(found.container, kind) ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
    const why = `Container ${name} failed ${kind} probe`;
    if (restartPolicy(pod, found.kind) === 'no') return ending.end(pod, found.container, id, grace, why);
    recorder.event(pod, 'Normal', 'Killing', `${why}, will be restarted`, fieldPathOf(pod, name));
    await containers.restart(id, await ending.preStop(pod, found.container, id, grace));
  };
  return {
    changed: wake,
    told(pod, container, kind, result) {
      const probe = `${kind[0]!.toUpperCase()}${kind.slice(1)} probe`;
      const place = fieldPathOf(pod, container);
      if (result.ok) recorder.event(pod, 'Warning', 'ProbeWarning', `${probe} warning: ${result.warning}`, place);
      else recorder.event(pod, 'Warning', 'Unhealthy', `${probe} ${failure(result)}: ${result.message}`, place);
    },
    async unhealthy(pod, container, id, kind) {
      await restart(pod, container, id, kind).catch((error: unknown) =>
        logger.warn({ error, id }, 'cannot restart an unhealthy container'),
      );
    },
  };
}

const failure = ({ unknown }: ProbeResult & { ok: false }): string => (unknown ? 'errored' : 'failed');

/** A probe may give less time than the pod (kuberuntime_container.go setTerminationGracePeriod). */
const ownGrace = (container: Container, kind: ProbeKind): number | undefined =>
  container[`${kind}Probe`]?.terminationGracePeriodSeconds;
