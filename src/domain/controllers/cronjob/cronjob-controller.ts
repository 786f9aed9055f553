import type { Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import { loadCron } from '../../resources/cron-schedule.ts';
import { jobs } from '../../resources/job.ts';
import { runController, source } from '../controller.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { isControlledBy, ownerNamesOf } from '../owner-references.ts';
import type { Requeue } from '../work-queue.ts';
import { noticesOf, StandingNotices } from './cronjob-notices.ts';
import { planCronJob } from './cronjob-plan.ts';
import { scheduleOf } from './cronjob-schedule.ts';
import { performCronJobPlan } from './perform-cronjob-plan.ts';

export type CronJobControllerOptions = {
  registry: Registry;
  /** component `cronjob-controller`. */
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

const leastLookMs = 60_000;

/** Makes a Job of each CronJob when it is due (kubernetes pkg/controller/cronjob/cronjob_controllerv2.go). */
export function startCronJobController(options: CronJobControllerOptions): Promise<void> {
  const notices = new StandingNotices();
  return runController({
    name: 'cronjob-controller',
    registry: options.registry,
    logger: options.logger,
    sources: [
      source(cronJobs, ({ object }) => [formatKey(keyOf(object))]),
      source(jobs, (event) => {
        const { namespace = '' } = metaOf(event.object);
        return ownerNamesOf(event, cronJobs).map((name) => formatKey({ namespace, name }));
      }),
    ],
    reconcile: (key) => reconcile(options, notices, key),
    signal: options.signal,
    concurrency: 1,
  });
}

async function reconcile(
  options: CronJobControllerOptions,
  notices: StandingNotices,
  key: string,
): Promise<Requeue | void> {
  const { registry, recorder, clock } = options;
  await loadCron();
  const cronJob = registry.find(cronJobs, parseKey(key));
  if (!cronJob) return notices.forget(key);
  const own = registry.all(jobs, metaOf(cronJob).namespace).filter((job) => isControlledBy(job, cronJob));
  const { schedule, problem } = scheduleOf(cronJob);
  const plan = planCronJob(cronJob, own, schedule, clock.now());
  for (const { type, reason, message } of notices.fresh(key, [
    ...(problem ? [problem] : []),
    ...noticesOf(cronJob, own, plan),
  ])) {
    recorder.event(cronJob, type, reason, message);
  }
  try {
    await performCronJobPlan(options, cronJob, plan);
  } catch (error) {
    if (!isNamespaceTerminating(error)) throw error;
  }
  return plan.next && { afterMs: waitMs(plan.next.getTime() - clock.now().getTime()) };
}

/**
 * Timers run on although somebody sets the clock, as devices without a battery do after they have started. So a wait is never longer
 * than k2d has been running: that is looked at ten times on the first day, and hardly ever afterwards.
 */
const waitMs = (untilDue: number): number => Math.min(untilDue, Math.max(leastLookMs, performance.now()));
