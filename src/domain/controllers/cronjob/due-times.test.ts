import { beforeAll, expect, it } from 'vitest';
import { loadCron, parseSchedule } from '../../resources/cron-schedule.ts';
import { dueTimes } from './due-times.ts';

beforeAll(loadCron);

it.each([
  ['*/5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:04:59Z', undefined, false],
  ['*/5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:05:00Z', '2026-03-01T10:05:00Z', false],
  ['*/5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T11:02:00Z', '2026-03-01T11:00:00Z', false],
  ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-02T10:00:30Z', '2026-03-02T10:00:00Z', true],
  // The clock of a device without a battery.
  ['0 3 * * *', '1970-01-01T00:00:20Z', '2026-03-01T10:00:00Z', '2026-03-01T03:00:00Z', true],
  ['* 0 * * *', '2026-01-01T00:00:00Z', '2026-03-01T10:00:00Z', '2026-03-01T00:59:00Z', true],
  ['0 0 31 2 *', '2026-03-01T10:00:00Z', '2027-03-01T10:00:00Z', undefined, false],
  ['* * * * *', '2026-03-01T10:00:00Z', '2026-02-01T10:00:00Z', undefined, false],
])('%s from %s to %s: %s', (schedule, since, now, due, tooManyMissed) => {
  expect(dueTimes(parseSchedule(schedule, 'UTC'), new Date(since), new Date(now))).toEqual({
    ...(due === undefined ? {} : { due: new Date(due) }),
    tooManyMissed,
    neverDue: schedule === '0 0 31 2 *',
  });
});
