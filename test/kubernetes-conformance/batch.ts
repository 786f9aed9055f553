import { testsIn, type ConformanceTable } from './conformance-table.ts';

const own = testsIn('test/kubernetes-conformance/batch.test.ts');
const lifecycles = testsIn('test/kubernetes-conformance/object-lifecycles.test.ts');
const onEngines = testsIn('test/integration/jobs.test.ts');
const jobs = testsIn('src/domain/controllers/job/job-controller.test.ts');
const cronJobs = testsIn('src/domain/controllers/cronjob/cronjob-controller.test.ts');

const successPolicy = jobs('an Indexed Job', 'succeeds by a rule about %s');
const whileOneRuns = cronJobs('while a Job runs, the next one', 'with %s: %j');

/** Tests of Jobs and CronJobs. */
export const batch: ConformanceTable = {
  '[sig-apps] CronJob should not schedule jobs when suspended': cronJobs('a suspended one does nothing'),
  '[sig-apps] CronJob should not schedule new jobs when ForbidConcurrent': whileOneRuns,
  '[sig-apps] CronJob should replace jobs when ReplaceConcurrent': whileOneRuns,
  '[sig-apps] CronJob should schedule multiple jobs concurrently': {
    by: [...whileOneRuns.by, ...onEngines('a CronJob makes one when its minute comes').by],
  },
  '[sig-apps] CronJob should support CronJob API operations': {
    by: [
      ...lifecycles(
        'CronJob',
        'is found, made, read, listed, watched, patched, replaced and deleted, alone and together',
      ).by,
      ...own('a CronJob has a status that is patched and replaced').by,
    ],
  },

  '[sig-apps] Job should adopt matching orphans and release non-matching pods': jobs(
    'matching orphans are adopted and counted, and pods whose labels no longer match are let go',
  ),
  '[sig-apps] Job should allow to use a pod failure policy to ignore failure matching on DisruptionTarget condition':
    jobs('rules for failures', 'another lets it go on as if nothing had happened'),
  '[sig-apps] Job should allow to use the pod failure policy on exit code to fail the job early': onEngines(
    'a rule fails it at the first exit code that it knows',
  ),
  '[sig-apps] Job should apply changes to a job status': own(
    'a Job',
    'has a status that is patched, replaced and read',
  ),
  '[sig-apps] Job should create pods for an Indexed job with completion indexes and specified hostname': onEngines(
    'each pod of an Indexed Job knows its index',
  ),
  '[sig-apps] Job should delete a job': own('a Job', 'that is deleted takes its pods with it'),
  '[sig-apps] Job should execute all indexes despite some failing when using backoffLimitPerIndex': jobs(
    'an Indexed Job',
    'limits failures by index',
  ),
  '[sig-apps] Job should manage the lifecycle of a job': own(
    'a Job',
    'is created, patched, updated, found, watched and deleted with its pods',
  ),
  '[sig-apps] Job should mark indexes as failed when the FailIndex action is matched in podFailurePolicy': jobs(
    'rules for failures',
    'another fails an index at once',
  ),
  '[sig-apps] Job should run a job to completion when tasks sometimes fail and are locally restarted': onEngines(
    'containers can be tried again in their pod',
  ),
  '[sig-apps] Job should terminate job execution when the number of failed indexes exceeds maxFailedIndexes': jobs(
    'an Indexed Job',
    'ends when too many indexes have failed',
  ),
  '[sig-apps] Job with successPolicy should succeeded when all indexes succeeded': successPolicy,
  '[sig-apps] Job with successPolicy succeededCount rule should succeeded even when some indexes remain pending':
    successPolicy,
  '[sig-apps] Job with successPolicy succeededIndexes rule should succeeded even when some indexes remain pending':
    successPolicy,
};
