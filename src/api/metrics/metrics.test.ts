import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import { exposition, labelText } from './exposition.ts';
import { RequestMetrics } from './request-metrics.ts';
import { RuntimeMetrics } from './runtime-metrics.ts';

let bed: ApiTestBed;
let runtimeMetrics: RuntimeMetrics;
beforeEach(async () => {
  runtimeMetrics = new RuntimeMetrics();
  bed = await openApiTestBed({ runtimeMetrics });
});
afterEach(() => bed.close());

const metrics = async (): Promise<Map<string, string>> => {
  const { text } = await bed.send('GET', '/metrics');
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
};

const pods = (verb: string) => `verb="${verb}",group="",version="v1",resource="pods",subresource="",scope="namespace"`;

test('tell of requests, by what they were for and how they ended', async () => {
  await bed.send('GET', '/api/v1/namespaces/default/pods');
  await bed.send('GET', '/api/v1/namespaces/default/pods?limit=x');
  const found = await metrics();
  expect(found.get(`apiserver_request_total{${pods('LIST')},code="200"}`)).toBe('1');
  expect(found.get(`apiserver_request_total{${pods('LIST')},code="400"}`)).toBe('1');
  expect(found.get(`apiserver_request_duration_seconds_count{${pods('LIST')}}`)).toBe('2');
  expect(found.get(`apiserver_request_duration_seconds_bucket{${pods('LIST')},le="+Inf"}`)).toBe('2');
});

test('tell what is stored, of which version, and what the process takes', async () => {
  const found = await metrics();
  expect(found.get('apiserver_storage_objects{resource="namespaces"}')).toBe('1');
  expect(found.get('kubernetes_build_info{major="1",minor="35",git_version="v1.35.0"}')).toBe('1');
  expect(Number(found.get('process_resident_memory_bytes'))).toBeGreaterThan(1e6);
});

test('tell what the engine was asked, how long it took and why it failed', async () => {
  runtimeMetrics.observe('start_container', 0.2);
  runtimeMetrics.observe('start_container', 3, 'NotFound');
  runtimeMetrics.observe('container_logs');
  const found = await metrics();
  const name = 'kubelet_runtime_operations';
  expect(found.get(`${name}_total{operation_type="start_container"}`)).toBe('2');
  expect(found.get(`${name}_total{operation_type="container_logs"}`)).toBe('1');
  expect(found.get(`${name}_errors_total{operation_type="start_container",code="NotFound"}`)).toBe('1');
  expect(found.get(`${name}_duration_seconds_bucket{operation_type="start_container",le="0.5"}`)).toBe('1');
  expect(found.get(`${name}_duration_seconds_count{operation_type="start_container"}`)).toBe('2');
  expect(found.get(`${name}_duration_seconds_sum{operation_type="start_container"}`)).toBe('3.2');
  expect(found.has(`${name}_duration_seconds_count{operation_type="container_logs"}`)).toBe(false);
});

test('know watches while they last, and count them when they end', async () => {
  const events = await bed.stream('/api/v1/namespaces?watch=1');
  await events.next();
  const watches = 'verb="WATCH",group="",version="v1",resource="namespaces",subresource="",scope="cluster"';
  expect((await metrics()).get(`apiserver_longrunning_requests{${watches}}`)).toBe('1');
  await events.return(undefined);
  await vi.waitFor(async () => {
    const found = await metrics();
    expect(found.get(`apiserver_longrunning_requests{${watches}}`)).toBeUndefined();
    expect(found.get(`apiserver_request_total{${watches},code="200"}`)).toBe('1');
    expect(found.has(`apiserver_request_duration_seconds_count{${watches}}`)).toBe(false);
  });
});

test('take no labels from what clients invent', async () => {
  await bed.send('GET', '/apis/invented/v1/things');
  await bed.send('GET', '/api/v1/things');
  const found = [...(await metrics()).keys()].join('\n');
  expect(found).not.toContain('invented');
  expect(found).not.toContain('things');
});

test('are for administrators and whoever may read them', async () =>
  expect((await bed.send('GET', '/metrics', { anonymous: true })).status).toBe(401));

test('count together what would be too many label sets', () => {
  const requests = new RequestMetrics();
  for (let index = 0; index < 3000; index++) {
    const info = {
      path: '',
      isResource: true,
      verb: 'get',
      group: `g${index}`,
      version: 'v1',
      resource: 'things',
      subresource: '',
      subpath: undefined,
      namespace: '',
      name: '',
    };
    requests.observe({ info, isServed: true, method: 'GET' }, 200, 0.2);
  }
  const lines = exposition(requests.families()).split('\n');
  expect(lines.filter((line) => line.startsWith('apiserver_request_total')).length).toBe(2001);
  expect(lines).toContain('apiserver_request_total{verb="other"} 1000');
});

test('escape what labels cannot hold', () => expect(labelText({ a: 'x"\\\n' })).toBe('a="x\\"\\\\\\n"'));
