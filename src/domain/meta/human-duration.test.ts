import { describe, expect, it } from 'vitest';
import { humanDuration, timeSince } from './human-duration.ts';

// Cases of apimachinery pkg/util/duration/duration_test.go.
describe('humanDuration', () => {
  it.each([
    [-2, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [1.9, '1s'],
    [70, '70s'],
    [70 * 60, '70m'],
    [3 * 60, '3m'],
    [3 * 60 + 5, '3m5s'],
    [47 * 3600, '47h'],
    [50 * 3600, '2d2h'],
    [48 * 3600, '2d'],
    [100 * 3600, '4d4h'],
    [5 * 3600 + 7 * 60, '5h7m'],
    [8 * 24 * 3600, '8d'],
    [365 * 24 * 3600, '365d'],
    [2 * 365 * 24 * 3600 + 25 * 24 * 3600, '2y25d'],
    [9 * 365 * 24 * 3600 + 25 * 24 * 3600, '9y'],
  ])('says %d seconds as %s', (seconds, text) => expect(humanDuration(seconds)).toBe(text));
});

describe('timeSince', () => {
  const now = new Date('2026-01-02T00:00:00Z');
  it('counts from a time to now', () => expect(timeSince('2026-01-01T23:59:30Z', now)).toBe('30s'));
  it('reads times with microseconds', () => expect(timeSince('2026-01-01T23:59:30.500000Z', now)).toBe('29s'));
  it.each([undefined, null, '', 'never'])('does not know the age of %s', (text) =>
    expect(timeSince(text, now)).toBe('<unknown>'),
  );
});
