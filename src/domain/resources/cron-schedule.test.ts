import { beforeAll, describe, expect, it } from 'vitest';
import { loadCron, parseSchedule } from './cron-schedule.ts';

beforeAll(loadCron);

const next = (schedule: string, after: string, zone = 'UTC') =>
  parseSchedule(schedule, zone).after(new Date(after))?.toISOString();

it.each([
  ['*/5 * * * *', '2026-03-01T10:05:00.000Z'],
  ['5/15 * * * *', '2026-03-01T10:05:00.000Z'],
  ['? 12 * * *', '2026-03-01T12:00:00.000Z'],
  ['0 0 13 * fri', '2026-03-06T00:00:00.000Z'],
  ['0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
  ['@hourly', '2026-03-01T11:00:00.000Z'],
  ['@weekly', '2026-03-08T00:00:00.000Z'],
  ['@every 1h30m', '2026-03-01T11:30:30.000Z'],
  ['0 0 31 2 *', undefined],
])('%s is due next at %s', (schedule, expected) => {
  expect(next(schedule, '2026-03-01T10:00:30.500Z')).toBe(expected);
});

it('goes by the clock of its time zone', () => {
  expect(next('30 7 * * *', '2026-03-01T10:00:00Z', 'Asia/Tokyo')).toBe('2026-03-01T22:30:00.000Z');
  expect(next('0 12 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T10:00:00.000Z');
});

describe('is refused, as in Kubernetes:', () => {
  it.each([
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
    ['@reboot', 'unrecognized descriptor: @reboot'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
    ['0 0 L * *', 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'],
    ['0 0 * * 1#2', 'failed to parse int from 1#2: strconv.Atoi: parsing "1#2": invalid syntax'],
    ['0 0 * * 7', 'end of range (7) above maximum (6): 7'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['*/0 * * * *', /illegal stepping/],
    ['5-1 * * * *', /larger/],
    ['', 'expected exactly 5 fields, found 0: []'],
  ])('%s', (schedule, message) => {
    expect(() => parseSchedule(schedule)).toThrow(message);
  });
});
