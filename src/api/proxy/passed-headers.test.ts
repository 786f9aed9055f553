import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { passedRequestHeaders, throughProxy } from './passed-headers.ts';

test('what belongs to the connection or proves who asks stays behind', () => {
  const headers = {
    host: 'device:6443',
    authorization: 'Bearer secret',
    'impersonate-user': 'jane',
    connection: 'keep-alive, X-Mine',
    'x-mine': '1',
    'keep-alive': 'timeout=5',
    te: 'trailers',
    expect: '100-continue',
    accept: 'text/html',
    cookie: 'a=b',
    'x-forwarded-for': '10.0.0.1',
  };
  const request = { headers, socket: { remoteAddress: '10.0.0.2' } } as unknown as IncomingMessage;
  expect(passedRequestHeaders(request, '/api/v1/…/proxy/')).toEqual({
    host: 'device:6443',
    accept: 'text/html',
    cookie: 'a=b',
    'x-forwarded-for': '10.0.0.1, 10.0.0.2',
    'x-forwarded-uri': '/api/v1/…/proxy/',
  });
});

const prefix = '/api/v1/namespaces/n/pods/p/proxy';

test.each([
  ['/login?next=/', `${prefix}/login?next=/`],
  ['login', 'login'],
  ['../up', '../up'],
  ['http://10.1.2.3:8080/login', `${prefix}/login`],
  ['https://device:6443', `${prefix}/`],
  ['//device:6443/x', `${prefix}/x`],
  ['https://elsewhere.example/x', 'https://elsewhere.example/x'],
  [`${prefix}/x`, `${prefix}/x`],
])('a redirect to %s leads to %s', (address, expected) =>
  expect(throughProxy(address, prefix, ['10.1.2.3:8080', 'device:6443'])).toBe(expected),
);
