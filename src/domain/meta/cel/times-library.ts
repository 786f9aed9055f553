import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { offsetMinutes } from './time-text.ts';
import type { Duration, Timestamp } from './value.ts';

/** The wall clock at a time in a zone, as if it were UTC. */
function wallClock({ nanos }: Timestamp, zone: string): Date {
  const millis = Number(nanos / 1_000_000n - (nanos < 0n && nanos % 1_000_000n !== 0n ? 1n : 0n));
  if (zone === 'UTC' || zone === '') return new Date(millis);
  const minutes = offsetMinutes(zone);
  return new Date(millis + (minutes === undefined ? namedOffset(millis, zone) : minutes * 60_000));
}

function namedOffset(millis: number, zone: string): number {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const text = format.formatToParts(millis).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return (offsetMinutes(text.slice('GMT'.length)) ?? 0) * 60_000;
  } catch {
    throw new EvaluationError(`unknown time zone ${zone.slice(0, 100)}`);
  }
}

const firstOfYear = (date: Date): number => Date.UTC(date.getUTCFullYear(), 0, 1);

const parts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - firstOfYear(date)) / 86_400_000),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const spans: Readonly<Record<string, (nanos: bigint) => bigint>> = {
  getHours: (nanos) => nanos / (3600n * 10n ** 9n),
  getMinutes: (nanos) => nanos / (60n * 10n ** 9n),
  getSeconds: (nanos) => nanos / 10n ** 9n,
  getMilliseconds: (nanos) => (nanos / 1_000_000n) % 1000n,
};

/** Parts of times and spans (cel-spec doc/langdef.md, List of Standard Definitions). */
export const timesLibrary = (): readonly Declaration[] => [
  ...Object.entries(parts).flatMap(([name, part]) => [
    declare(`timestamp -> ${name}(): int`, (time: Timestamp) => BigInt(part(wallClock(time, 'UTC')))),
    declare(`timestamp -> ${name}(string): int`, (time: Timestamp, zone: string) =>
      BigInt(part(wallClock(time, zone))),
    ),
  ]),
  ...Object.entries(spans).map(([name, part]) =>
    declare(`duration -> ${name}(): int`, ({ nanos }: Duration) => part(nanos)),
  ),
];
