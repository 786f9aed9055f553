import type { Cron } from 'croner';
import { parseDuration } from '../meta/cel/time-text.ts';

/** When something is due. */
export type CronSchedule = {
  /** The first time after this one; undefined when there is none. */
  after(time: Date): Date | undefined;
};

let croner: { Cron: typeof Cron } | undefined;

/** croner takes 0.1 MB, so it is there only when somebody has a schedule. */
export async function loadCron(): Promise<void> {
  croner ??= await import('croner');
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const every = '@every ';

/**
 * The five fields of cron, or a descriptor such as `@daily` or `@every 1h30m`, in this IANA time zone or else in that of the process.
 * Throws an Error that says what is wrong with the schedule. `loadCron` comes first.
 */
export function parseSchedule(text: string, timeZone?: string): CronSchedule {
  if (text.startsWith(every)) return everyDuration(text);
  const pattern = Object.hasOwn(descriptors, text) ? descriptors[text]! : text;
  if (pattern.startsWith('@')) throw new Error(`unrecognized descriptor: ${pattern.slice(0, 100)}`);
  const fields = strictFields(pattern);
  const cron = new croner!.Cron(fields.join(' '), {
    mode: '5-part',
    paused: true,
    ...(timeZone === undefined ? {} : { timezone: timeZone }),
  });
  return { after: (time) => cron.nextRun(time) ?? undefined };
}

/** From whole second to whole second (robfig/cron ConstantDelaySchedule). */
function everyDuration(text: string): CronSchedule {
  const seconds = durationSeconds(text);
  return { after: (time) => new Date((Math.floor(time.getTime() / 1000) + seconds) * 1000) };
}

function durationSeconds(text: string): number {
  try {
    return Math.max(1, Number(parseDuration(text.slice(every.length)).nanos / 10n ** 9n));
  } catch (error) {
    throw new Error(`failed to parse duration ${text.slice(0, 100)}: ${(error as Error).message}`, { cause: error });
  }
}

const largest = [59, 23, 31, 12, 6] as const;
const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const days = 'sun|mon|tue|wed|thu|fri|sat';
const value = [/^\d+$/, /^\d+$/, /^\d+$/, new RegExp(`^(\\d+|${months})$`, 'i'), new RegExp(`^(\\d+|${days})$`, 'i')];

/** croner knows more than Kubernetes' parser (robfig/cron ParseStandard), and one thing less: `5/15` is `5-59/15`. */
function strictFields(pattern: string): string[] {
  const fields = pattern.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) {
    throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ').slice(0, 100)}]`);
  }
  return fields.map((field, place) =>
    field
      .split(',')
      .map((part) => strictPart(part, place))
      .join(','),
  );
}

function strictPart(part: string, place: number): string {
  const [range = '', step] = part.split('/');
  const limits = range === '*' || range === '?' ? [] : range.split('-');
  for (const limit of limits) {
    const text = JSON.stringify(limit.slice(0, 100));
    if (!value[place]!.test(limit)) {
      throw new Error(`failed to parse int from ${limit.slice(0, 100)}: strconv.Atoi: parsing ${text}: invalid syntax`);
    }
    if (Number(limit) > largest[place]!) {
      throw new Error(`end of range (${limit}) above maximum (${largest[place]}): ${part.slice(0, 100)}`);
    }
  }
  return step !== undefined && limits.length === 1 ? `${range}-${largest[place]}/${step}` : part;
}
