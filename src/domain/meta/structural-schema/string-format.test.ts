import { describe, expect, it } from 'vitest';
import { hasFormat } from './string-format.ts';
import { cpuTimeOf } from '../cpu-time-fixture.ts';

const formats: readonly [format: string, right: string[], wrong: string[]][] = [
  ['date', ['2024-02-29'], ['2023-02-29', '2024-2-1', 'x']],
  ['date-time', ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5+02:00'], ['2024-01-01', '2024-01-01T25:00:00Z', '']],
  ['duration', ['1h30m', '-1.5s', '22 ns', '0', '3 days'], ['1', 'h', '1 year']],
  ['ipv4', ['10.0.0.1'], ['10.0.0', '::1']],
  ['ipv6', ['::1'], ['10.0.0.1']],
  ['cidr', ['10.0.0.0/8', 'fd00::/64'], ['10.0.0.0/33', '10.0.0.0', '10.0.0.0/8/8']],
  ['mac', ['01:23:45:67:89:ab', '01-23-45-67-89-AB'], ['01:23', '01:23-45:67:89:ab']],
  ['uri', ['https://example.com/x', '/path', 'urn:a:b'], ['example.com', 'x y']],
  ['email', ['joe@example.com', 'Joe <joe@example.com>'], ['joe', '@x']],
  ['hostname', ['example.com', 'a'], ['-a', 'a..b', 'a b']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123']],
  ['uuid4', ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-12d3-a456-426614174000']],
  ['byte', ['', 'YQ==', 'YWJj'], ['YQ', '%']],
  ['hexcolor', ['#fff', '00ff00'], ['#ff']],
  ['rgbcolor', ['rgb(1, 2,255)'], ['rgb(1,2,256)']],
  ['ssn', ['123-45-6789'], ['123-45']],
  ['bsonobjectid', ['507f1f77bcf86cd799439011'], ['507f']],
  ['creditcard', ['4111 1111 1111 1111'], ['4111 1111 1111 1112']],
  ['isbn', ['0-306-40615-2', '978-0-306-40615-7'], ['0-306-40615-3']],
  ['k8s-short-name', ['my-name'], ['My.name']],
  ['k8s-long-name', ['my.name'], ['my..name']],
  ['password', ['anything'], []],
];

describe('formats of strings', () => {
  it.each(formats)('%s', (format, right, wrong) => {
    expect(right.filter((text) => !hasFormat(text, format))).toEqual([]);
    expect(wrong.filter((text) => hasFormat(text, format))).toEqual([]);
  });

  it('take no time for texts made to take it', () => {
    const took = cpuTimeOf(() => formats.forEach(([format]) => hasFormat('1'.repeat(1_000_000), format)));
    expect(took).toBeLessThan(1000);
  });
});
