import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { events } from '../../domain/resources/event.ts';
import { eventsV1Events } from '../../domain/resources/events-v1-event.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

let bed: ApiTestBed;

beforeAll(async () => {
  bed = await openApiTestBed();
  await bed.registry.create(events, {
    metadata: { name: 'counted', namespace: 'default' },
    involvedObject: {
      kind: 'Pod',
      apiVersion: 'v1',
      namespace: 'default',
      name: 'web',
      uid: 'u1',
      resourceVersion: '7',
      fieldPath: 'spec.containers{app}',
    },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting',
    source: { component: 'kubelet', host: 'plc-1' },
    count: 5,
    firstTimestamp: '2026-03-01T10:00:00Z',
    lastTimestamp: '2026-03-01T10:05:00Z',
  });
  await bed.registry.create(eventsV1Events, {
    metadata: { name: 'series', namespace: 'default' },
    regarding: { kind: 'Deployment', apiVersion: 'apps/v1', namespace: 'default', name: 'web' },
    type: 'Normal',
    reason: 'Scaled',
    note: 'Scaled up',
    action: 'Scaling',
    reportingController: 'acme.io/scaler',
    reportingInstance: 'scaler-0',
    eventTime: '2026-03-01T10:00:00.000000Z',
    series: { count: 9, lastObservedTime: '2026-03-01T10:07:00.000000Z' },
  });
});
afterAll(() => bed.close());

const core = '/api/v1/namespaces/default/events';
const newer = '/apis/events.k8s.io/v1/namespaces/default/events';
const named = async (path: string, selector: string): Promise<string[]> => {
  const { body } = await bed.send('GET', `${path}?fieldSelector=${encodeURIComponent(selector)}`);
  return body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
};

/** What `kubectl events --for` and `describe` ask, and what people type. */
describe('field selectors of events', () => {
  it.each([
    [core, 'involvedObject.kind=Pod,involvedObject.apiVersion=v1,involvedObject.name=web', 'counted'],
    [core, 'involvedObject.kind=Deployment,involvedObject.apiVersion=apps/v1,involvedObject.name=web', 'series'],
    [core, 'involvedObject.name=web,involvedObject.namespace=default,involvedObject.uid=u1', 'counted'],
    [core, 'involvedObject.resourceVersion=7', 'counted'],
    [core, 'involvedObject.fieldPath=spec.containers{app}', 'counted'],
    [core, 'type!=Normal', 'counted'],
    [core, 'reason=Scaled,type=Normal', 'series'],
    [core, 'source=kubelet', 'counted'],
    [core, 'reportingComponent=acme.io/scaler', 'series'],
    [core, 'source=acme.io/scaler', 'series'],
    [newer, 'regarding.kind=Pod,regarding.name=web', 'counted'],
    [newer, 'regarding.uid=u1,regarding.namespace=default', 'counted'],
    [newer, 'reason=Scaled', 'series'],
    [newer, 'reportingController=acme.io/scaler', 'series'],
    [newer, 'type=Warning', 'counted'],
  ])('%s %s', async (path, selector, name) => expect(await named(path, selector)).toEqual([name]));
});

it.each([core, newer])('%s shows counts of both writings', async (path) => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const { body } = await bed.send('GET', path, { headers: { accept } });
  const columns: string[] = body.columnDefinitions.map(({ name }: { name: string }) => name);
  const rows: string[][] = body.rows.map(({ cells }: { cells: unknown[] }) =>
    ['Name', 'Count', 'Type', 'Reason'].map((name) => String(cells[columns.indexOf(name)])),
  );
  expect(rows).toEqual([
    ['counted', '5', 'Warning', 'BackOff'],
    ['series', '9', 'Normal', 'Scaled'],
  ]);
});
