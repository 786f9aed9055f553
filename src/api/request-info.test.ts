import { expect, test } from 'vitest';
import { requestInfo } from './request-info.ts';

const read = (method: string, path: string, isWatch = false) => {
  const { verb, group, version, resource, subresource, namespace, name } = requestInfo(method, path, isWatch);
  return [verb, group, version, namespace, resource, name, subresource].join(' ');
};

// The table of apiserver pkg/endpoints/request/requestinfo_test.go, where it applies.
test.each([
  ['GET', '/api/v1/namespaces', 'list  v1  namespaces  '],
  ['GET', '/api/v1/namespaces/other', 'get  v1 other namespaces other '],
  ['PUT', '/api/v1/namespaces/other/finalize', 'update  v1 other namespaces other finalize'],
  ['GET', '/api/v1/namespaces/other/pods', 'list  v1 other pods  '],
  ['GET', '/api/v1/namespaces/other/pods/foo', 'get  v1 other pods foo '],
  ['GET', '/api/v1/namespaces/other/pods/foo/log', 'get  v1 other pods foo log'],
  ['GET', '/api/v1/pods', 'list  v1  pods  '],
  ['POST', '/api/v1/namespaces/other/pods', 'create  v1 other pods  '],
  ['DELETE', '/api/v1/namespaces/other/pods', 'deletecollection  v1 other pods  '],
  ['DELETE', '/apis/apps/v1/namespaces/other/deployments/foo', 'delete apps v1 other deployments foo '],
  ['PATCH', '/apis/apps/v1/namespaces/o/deployments/d/scale', 'patch apps v1 o deployments d scale'],
  ['GET', '/api/v1/watch/pods', 'watch  v1  pods  '],
  ['GET', '/api/v1/watch/namespaces', 'watch  v1  namespaces  '],
  ['GET', '/api/v1/watch/namespaces/other/pods', 'watch  v1 other pods  '],
  ['GET', '/apis/apps/v1/watch/namespaces/other/deployments/foo', 'watch apps v1 other deployments foo '],
  ['GET', '/api/v1/watch', 'list  v1  watch  '],
])('%s %s', (method, path, expected) => {
  expect(read(method, path)).toBe(expected);
});

test('a get of a collection that watches is a watch', () => {
  expect(read('GET', '/api/v1/pods', true)).toBe('watch  v1  pods  ');
});

test.each(['/', '/version', '/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1', '/readyz'])(
  '%s is no resource',
  (path) => {
    expect(requestInfo('GET', path, false)).toMatchObject({ isResource: false, verb: 'get', path });
  },
);

test('names are decoded, and what does not decode is an error', () => {
  expect(requestInfo('GET', '/api/v1/nodes/a%2Fb', false).name).toBe('a/b');
  expect(() => requestInfo('GET', '/api/v1/nodes/%zz', false)).toThrow(URIError);
});
