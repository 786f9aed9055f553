import type { Job, JobStatus } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { trueCondition } from '../../resources/job-conditions.ts';

/** Tells what has become true with a write of the status (kubernetes pkg/controller/job/job_controller.go recordJobFinished). */
export function tellChanges(recorder: EventRecorder, job: Job, next: JobStatus): void {
  const { status: before } = job;
  const became = (type: string) => (trueCondition(before, type) ? undefined : trueCondition(next, type));
  const failed = became('Failed');
  if (failed) recorder.event(job, 'Warning', failed.reason ?? '', failed.message ?? '');
  if (became('Complete')) {
    if ((next.succeeded ?? 0) > (job.spec?.completions ?? Infinity)) {
      const message = 'Too many succeeded pods running after completion count reached';
      recorder.event(job, 'Warning', 'TooManySucceededPods', message);
    }
    recorder.event(job, 'Normal', 'Completed', 'Job completed');
  }
  if (became('Suspended')) recorder.event(job, 'Normal', 'Suspended', 'Job suspended');
  const resumed = next.conditions?.some(({ type, status }) => type === 'Suspended' && status === 'False');
  if (resumed && trueCondition(before, 'Suspended')) recorder.event(job, 'Normal', 'Resumed', 'Job resumed');
}
