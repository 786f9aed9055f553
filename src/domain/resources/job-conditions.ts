import type { Job, JobStatus } from '../meta/types.ts';

export type JobCondition = NonNullable<JobStatus['conditions']>[number];

/** The condition, when it is true. */
export const trueCondition = (status: JobStatus | undefined, type: string): JobCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');

/** How the Job ended: its condition `Complete` or `Failed`; undefined while it goes on (kubernetes pkg/controller/job/util/utils.go). */
export const finishedCondition = ({ status }: Pick<Job, 'status'>): JobCondition | undefined =>
  trueCondition(status, 'Complete') ?? trueCondition(status, 'Failed');
