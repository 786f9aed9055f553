import { afterAll, beforeAll, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

const CLASSES = '/apis/node.k8s.io/v1/runtimeclasses';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const podOf = (runtimeClassName: string) => ({
  metadata: { generateName: 'of-a-class-' },
  spec: { runtimeClassName, containers: [{ name: 'main', image: 'busybox:1.35' }] },
});
const classNamed = (name: string, more: object = {}) =>
  plane.client.create(CLASSES, { metadata: { name }, handler: 'runc', ...more });

it('a pod of a class that does not exist, or no longer, is refused', async () => {
  const { client } = plane;
  const path = `/api/v1/namespaces/${await plane.namespace()}/pods`;
  const refusal = async () => {
    const { status, body } = await client.attempt('POST', path, podOf('short-lived'));
    return [status, body.reason, body.message];
  };
  const expected = [403, 'Forbidden', expect.stringContaining('pod rejected: RuntimeClass "short-lived" not found')];
  expect(await refusal()).toEqual(expected);
  await classNamed('short-lived');
  expect((await client.attempt('POST', path, podOf('short-lived'))).status).toBe(201);
  expect((await client.attempt('DELETE', `${CLASSES}/short-lived`)).status).toBe(200);
  expect(await refusal()).toEqual(expected);
});

it('a pod of a class is taken by the node, with the overhead of the class', async () => {
  const { client } = plane;
  const path = `/api/v1/namespaces/${await plane.namespace()}/pods`;
  await classNamed('light');
  await classNamed('heavy', { overhead: { podFixed: { cpu: '10m', memory: '1Mi' } } });
  const light = await client.create(path, podOf('light'));
  const heavy = await client.create(path, podOf('heavy'));
  expect(light.spec.overhead).toBeUndefined();
  expect(heavy.spec.overhead).toEqual({ cpu: '10m', memory: '1Mi' });
  for (const { metadata } of [light, heavy])
    await eventually(async () => expect((await client.get(`${path}/${metadata.name}`)).spec.nodeName).toBeDefined());
});
