import type { Containers } from '../../container-runtime/container.ts';
import type { Logger } from '../../meta/logger.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { ProberListener } from './prober.ts';

export type ProbeOutcomesOptions = {
  containers: Containers;
  recorder: EventRecorder;
  logger: Logger;
  wake: (podUid: string) => void;
};

/** What follows from probes: status, events, and a restart by the engine, whose one call leaves nothing stopped half-way. */
export const probeOutcomes = ({ containers, recorder, logger, wake }: ProbeOutcomesOptions): ProberListener => ({
  changed: wake,
  failed(pod, container, kind, message) {
    const text = `${kind[0]!.toUpperCase()}${kind.slice(1)} probe failed: ${message}`;
    recorder.event(pod, 'Warning', 'Unhealthy', text, `spec.containers{${container}}`);
  },
  unhealthy(pod, container, id, kind) {
    recorder.event(pod, 'Normal', 'Killing', `Container ${container} failed ${kind} probe, will be restarted`);
    containers
      .restart(id, pod.spec?.terminationGracePeriodSeconds ?? 30)
      .catch((error: unknown) => logger.warn({ error, id }, 'cannot restart an unhealthy container'));
  },
});
