import { expect, test, vi } from 'vitest';
import type { AdmissionPlugin } from '../admission/chain.ts';
import { forbidden } from '../meta/status-error.ts';
import type { Pod } from '../meta/types.ts';
import { events } from '../resources/event.ts';
import { eventRecorder } from './event-recorder.ts';
import { openTestRegistry, silentLogger } from './registry-fixture.ts';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '7' },
};

async function setUp(plugins: AdmissionPlugin[] = []) {
  let now = Date.parse('2026-03-01T10:00:00Z');
  const clock = { now: () => new Date(now) };
  const registry = await openTestRegistry({ clock, plugins });
  const recorder = eventRecorder(registry, { component: 'kubelet', host: 'plc-1', clock, logger: silentLogger });
  const stored = () => registry.all(events);
  return { registry, recorder, stored, pass: (ms: number) => (now += ms) };
}

test('an event says who saw what of which object', async () => {
  const { recorder, stored } = await setUp();
  recorder.event(pod, 'Normal', 'Pulled', 'Image is there', 'spec.containers{web}');
  await vi.waitFor(() => expect(stored()).toHaveLength(1));
  expect(stored()[0]).toMatchObject({
    metadata: { namespace: 'shop', name: expect.stringMatching(/^web\.[0-9a-f]+$/) },
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'web',
      namespace: 'shop',
      uid: 'u1',
      resourceVersion: '7',
      fieldPath: 'spec.containers{web}',
    },
    type: 'Normal',
    reason: 'Pulled',
    message: 'Image is there',
    source: { component: 'kubelet', host: 'plc-1' },
    count: 1,
    firstTimestamp: '2026-03-01T10:00:00Z',
    lastTimestamp: '2026-03-01T10:00:00Z',
  });
});

test('the same again is counted, also when told in one breath; another message is another event', async () => {
  const { recorder, stored, pass } = await setUp();
  recorder.event(pod, 'Warning', 'BackOff', 'Back-off restarting');
  recorder.event(pod, 'Warning', 'BackOff', 'Back-off restarting');
  pass(60_000);
  recorder.event(pod, 'Warning', 'BackOff', 'Back-off restarting');
  recorder.event(pod, 'Warning', 'BackOff', 'Another');
  await vi.waitFor(() => expect(stored()).toHaveLength(2));
  expect(stored().find(({ message }) => message === 'Back-off restarting')).toMatchObject({
    count: 3,
    firstTimestamp: '2026-03-01T10:00:00Z',
    lastTimestamp: '2026-03-01T10:01:00Z',
  });
});

test('an event that was removed meanwhile starts anew', async () => {
  const { registry, recorder, stored } = await setUp();
  recorder.event(pod, 'Normal', 'Started', 'Started');
  await vi.waitFor(() => expect(stored()).toHaveLength(1));
  const { name = '' } = stored()[0]!.metadata;
  await registry.delete(events, { namespace: 'shop', name });
  recorder.event(pod, 'Normal', 'Started', 'Started');
  await vi.waitFor(() => expect(stored()).toHaveLength(1));
  expect(stored()[0]).toMatchObject({ count: 1 });
});

test('events of cluster-scoped objects live in default', async () => {
  const { recorder, stored } = await setUp();
  recorder.event({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'plc-1' } }, 'Normal', 'Starting', 'Starting');
  await vi.waitFor(() => expect(stored()[0]?.metadata.namespace).toBe('default'));
});

test('from the tenth message on similar events are one, which says the newest', async () => {
  const { recorder, stored, pass } = await setUp();
  for (let i = 0; i < 12; i++) recorder.event(pod, 'Warning', 'Failed', `failure ${i}`);
  recorder.event(pod, 'Warning', 'Unhealthy', 'failure 1');
  await vi.waitFor(() => expect(stored()).toHaveLength(11));
  const combined = () => stored().find(({ message }) => message?.startsWith('(combined'));
  await vi.waitFor(() => expect(combined()?.count).toBe(3));
  expect(combined()?.message).toBe('(combined from similar events): failure 11');
  pass(1000);
  recorder.event(pod, 'Warning', 'Failed', 'failure 12');
  await vi.waitFor(() => expect(combined()).toMatchObject({ count: 4, lastTimestamp: '2026-03-01T10:00:01Z' }));
  expect(combined()?.message).toBe('(combined from similar events): failure 12');
});

test('similar events are told one by one again when there was none for ten minutes', async () => {
  const { recorder, stored, pass } = await setUp();
  for (let i = 0; i < 10; i++) recorder.event(pod, 'Warning', 'Failed', `failure ${i}`);
  pass(600_001);
  recorder.event(pod, 'Warning', 'Failed', 'later');
  await vi.waitFor(() => expect(stored().map(({ message }) => message)).toContain('later'));
});

test('an object that fails in a circle has 25 events, then one in five minutes, and what was held back is counted', async () => {
  const { recorder, stored, pass } = await setUp();
  for (let i = 0; i < 40; i++) recorder.event(pod, 'Warning', `Failed${i}`, 'failure');
  recorder.event({ ...pod, metadata: { ...pod.metadata, uid: 'u2' } }, 'Normal', 'Started', 'another pod');
  await vi.waitFor(() => expect(stored()).toHaveLength(26));
  recorder.event(pod, 'Warning', 'Failed1', 'failure');
  recorder.event(pod, 'Warning', 'Failed1', 'failure');
  pass(300_000);
  recorder.event(pod, 'Warning', 'Failed1', 'failure');
  recorder.event(pod, 'Warning', 'Failed2', 'failure');
  const countOf = (wanted: string) => stored().find(({ reason }) => reason === wanted)?.count;
  await vi.waitFor(() => expect(countOf('Failed1')).toBe(4));
  expect(countOf('Failed2')).toBe(1);
});

test('what is held back while the event is being stored is counted as well', async () => {
  let meanwhile = () => {};
  const { recorder, stored } = await setUp([
    {
      name: 'meanwhile',
      validate: () => {
        meanwhile();
        meanwhile = () => {};
      },
    },
  ]);
  const fail = () => recorder.event(pod, 'Warning', 'Failed', 'failure');
  for (let i = 0; i < 25; i++) fail();
  meanwhile = fail;
  await vi.waitFor(() => expect(stored()[0]).toMatchObject({ count: 26 }));
});

test('a registry that refuses does not reach the caller, and later events are stored', async () => {
  let refusing = true;
  const { recorder, stored } = await setUp([
    {
      name: 'lifecycle',
      validate: () => {
        if (refusing) throw forbidden({ group: '', resource: 'events' }, 'web', 'the namespace is being terminated');
        return undefined;
      },
    },
  ]);
  recorder.event(pod, 'Normal', 'Killing', 'Stopping');
  await new Promise((resolve) => setImmediate(resolve));
  refusing = false;
  recorder.event(pod, 'Normal', 'Started', 'Started');
  await vi.waitFor(() => expect(stored()).toHaveLength(1));
  expect(stored()[0]).toMatchObject({ reason: 'Started' });
});

test('a long message and a long name are cut, not refused', async () => {
  const { recorder, stored } = await setUp();
  const name = 'x'.repeat(253);
  recorder.event({ ...pod, metadata: { ...pod.metadata, name } }, 'Normal', 'Started', 'y'.repeat(5000));
  await vi.waitFor(() => expect(stored()).toHaveLength(1));
  expect(stored()[0]!.message).toHaveLength(1024);
  expect(stored()[0]!.involvedObject.name).toBe(name);
});
