import { errorMessage } from '../../meta/error-message.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../meta/status-error.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { writeStatus } from '../write-status.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import type { CronJobPlan } from './cronjob-plan.ts';
import { jobDueAt } from './scheduled-jobs.ts';

type Options = { registry: Registry; recorder: EventRecorder };

/** Nothing is forgotten before it is written down when the last Job was due. */
export async function performCronJobPlan(options: Options, cronJob: CronJob, plan: CronJobPlan): Promise<void> {
  tellEnds(options, cronJob);
  for (const job of plan.replace) await deleteJob(options, cronJob, job);
  if (plan.start) await startJob(options, cronJob, jobDueAt(cronJob, plan.start));
  await writeStatus(options.registry, cronJobs, cronJob, plan.status);
  for (const job of plan.forget) await deleteJob(options, cronJob, job);
}

/** Of Jobs that were under way when they were last looked at. */
function tellEnds({ registry, recorder }: Options, cronJob: CronJob): void {
  for (const { name = '', uid } of cronJob.status?.active ?? []) {
    const job = registry.find(jobs, { ...keyOf(cronJob), name });
    const end = job && metaOf(job).uid === uid ? finishedCondition(job) : undefined;
    if (!job) recorder.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    if (end) recorder.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`);
  }
}

/** There already: k2d died after it was made, or somebody has taken its name, who will not give it back. */
async function startJob({ registry, recorder }: Options, cronJob: CronJob, job: Job): Promise<void> {
  try {
    const { metadata } = await registry.create(jobs, job);
    recorder.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${metadata?.name}`);
  } catch (error) {
    if (isAlreadyExists(error)) return;
    if (!isNamespaceTerminating(error)) {
      recorder.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${errorMessage(error)}`);
    }
    throw error;
  }
}

async function deleteJob({ registry, recorder }: Options, cronJob: CronJob, job: Job): Promise<void> {
  const { name = '', uid = '' } = metaOf(job);
  try {
    await registry.delete(jobs, keyOf(job), { propagationPolicy: 'Background', preconditions: { uid } });
    recorder.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return;
    recorder.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${errorMessage(error)}`);
    throw error;
  }
}
