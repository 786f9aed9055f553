import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { CronJob } from '../meta/types.ts';
import { parseSchedule } from './cron-schedule.ts';
import { validateJobSpec } from './job-spec-validation.ts';
import { isTimeZone } from './time-zone.ts';
import { nonNegative } from './value-rules.ts';

type Spec = NonNullable<CronJob['spec']>;

/** Names of Jobs get eleven characters more. */
const longestName = 52;

const policies = ['Allow', 'Forbid', 'Replace'];

function validateSchedule({ schedule }: Spec): FieldError[] {
  const field = 'spec.schedule';
  if (!schedule) return [required(field)];
  const namesZone = schedule.includes('TZ');
  return [
    ...problemOf(schedule.replace(/^(?:CRON_)?TZ=\S*\s*/, '')).map((text) => invalidValue(field, schedule, text)),
    ...(namesZone
      ? [invalidValue(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
      : []),
  ];
}

function problemOf(schedule: string): string[] {
  try {
    parseSchedule(schedule);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function validateTimeZone({ timeZone }: Spec): FieldError[] {
  const field = 'spec.timeZone';
  if (timeZone === undefined) return [];
  if (timeZone === '') return [invalidValue(field, timeZone, 'timeZone must be nil or non-empty string')];
  const isLocal = timeZone.toLowerCase() === 'local';
  return [
    ...(isLocal
      ? [
          invalidValue(
            field,
            timeZone,
            'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
          ),
        ]
      : []),
    ...(isLocal || isTimeZone(timeZone) ? [] : [invalidValue(field, timeZone, `unknown time zone ${timeZone}`)]),
  ];
}

function validatePolicy({ concurrencyPolicy }: Spec): FieldError[] {
  const field = 'spec.concurrencyPolicy';
  if (!concurrencyPolicy) return [required(field)];
  return policies.includes(concurrencyPolicy) ? [] : [notSupported(field, concurrencyPolicy, policies)];
}

/** Jobs are made of it later, with a selector each. */
function validateJobTemplate({ jobTemplate }: Spec): FieldError[] {
  const { spec = { template: {} } } = jobTemplate ?? {};
  const field = 'spec.jobTemplate.spec';
  return [
    ...validateJobSpec(spec, field),
    ...(spec.selector ? [invalidValue(`${field}.selector`, spec.selector, '`selector` will be auto-generated')] : []),
    ...(spec.manualSelector ? [notSupported(`${field}.manualSelector`, true, ['nil', 'false'])] : []),
  ];
}

/** kubernetes pkg/apis/batch/validation/validation.go ValidateCronJobCreate, ValidateCronJobUpdate */
export function validateCronJob(cronJob: CronJob, current?: CronJob): FieldError[] {
  const spec = cronJob.spec!;
  const { name = '' } = metaOf(cronJob);
  return [
    ...validateSchedule(spec),
    ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(current && current.spec?.timeZone === spec.timeZone ? [] : validateTimeZone(spec)),
    ...validatePolicy(spec),
    ...validateJobTemplate(spec),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
    ...(!current && name.length > longestName
      ? [invalidValue('metadata.name', name, `must be no more than ${longestName} characters`)]
      : []),
  ];
}
