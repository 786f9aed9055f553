import { expect, test } from 'vitest';
import { proxiedName } from './proxied-name.ts';

test.each([
  ['web', 'http:', 'web', ''],
  ['web:8080', 'http:', 'web', '8080'],
  ['web:metrics', 'http:', 'web', 'metrics'],
  ['http:web:', 'http:', 'web', ''],
  ['https:web:8443', 'https:', 'web', '8443'],
  [':web:80', 'http:', 'web', '80'],
])('%s', (text, protocol, name, port) => expect(proxiedName(text, 'pod')).toEqual({ protocol, name, port }));

test.each(['', ':80', 'ftp:web:21', 'http:web:80:more', 'http::80'])('%j is none', (text) =>
  expect(() => proxiedName(text, 'service')).toThrow(`invalid service request ${JSON.stringify(text)}`),
);
