import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Follower } from '../clients/follower.ts';
import { OutsideMachine } from '../conformance/dataplane/outside-machine.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engines } from './engines.ts';
import { podRows } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** As examples/ has them. */
const MQTT = { port: '31883', user: 'plant', password: 'plant-demo', topic: 'plant/tank/level' };
const NODE_RED_PORT = 31880;
const FULL = 1000;

describe.each(engines)('the examples on $kind', (engine) => {
  const k2d = useK2d(engine, 'examples');
  const { kubectl } = k2d;
  const outside = new OutsideMachine(`it-x-${engine.kind}`, engine.kind === 'docker' ? '10.192.2' : '10.192.3');

  /** An MQTT client on another machine. */
  const subscribe = (): Follower => {
    const { port, user, password, topic } = MQTT;
    const flags = ['-h', outside.hostAddress, '-p', port, '-u', user, '-P', password, '-t', topic];
    const [program = '', ...args] = [...outside.place, 'mosquitto_sub', ...flags];
    const client = new Follower(spawn(program, args));
    onTestFinished(() => client.stop());
    return client;
  };

  /** So many values from now on; the tank fills and drains, so no two in a row are the same. */
  const expectValues = async (client: Follower, count: number) => {
    const values: number[] = [];
    while (values.length < count) values.push(Number(await client.next(/^\d+$/, 60_000)));
    expect(values.every((value, index) => value >= 0 && value <= FULL && value !== values[index - 1])).toBe(true);
  };

  beforeAll(async () => {
    await outside.close();
    await outside.open();
  });
  afterAll(() => outside.close());

  it('kubectl apply -f examples/ runs them all', async () => {
    await kubectl.run(['apply', '-f', EXAMPLES]);
    await kubectl.run('wait --for=condition=Available deployment --all --timeout=100s');
    const rows = await podRows(kubectl, '-l app');
    expect(rows.map(({ name, ready, status }) => `${name.replace(/-\w+-\w+$/, '')} ${ready} ${status}`)).toEqual([
      'modbus-plc 1/1 Running',
      'mosquitto 1/1 Running',
      'node-red 1/1 Running',
    ]);
  });

  it("the PLC's changing value arrives at an MQTT client on another machine", async () => {
    // Ready pods become endpoints a moment later; until then the node port refuses.
    await eventually('a first value', () =>
      subscribe()
        .next(/^\d+$/, 10_000)
        .catch(() => undefined),
    );
    await expectValues(subscribe(), 4);
  });

  it('and at a browser', async () => {
    const ask = () => fetch(`http://127.0.0.1:${NODE_RED_PORT}/level`, { signal: AbortSignal.timeout(5000) });
    const answer = await eventually('an answer', () => ask().catch(() => undefined));
    expect(await answer.json()).toEqual({ level: expect.any(Number) });
  });

  it('values keep flowing while k2d is away, to new clients too', async () => {
    const before = subscribe();
    await before.next(/^\d+$/);
    await k2d.stop();
    await expectValues(before, 3);
    await expectValues(subscribe(), 3);
  });

  it('k2d comes back, and updates one of them while the others run on', async () => {
    const others = () =>
      kubectl.run(['get', 'pods', '-l', 'app in (modbus-plc,mosquitto)', '-o', 'jsonpath={.items[*].metadata.uid}']);
    await k2d.start();
    const before = await others();
    await kubectl.run('rollout restart deployment/node-red');
    await kubectl.run('rollout status deployment/node-red --timeout=100s');
    await expectValues(subscribe(), 3);
    expect(await others()).toBe(before);
  });

  it('kubectl delete -f examples/ takes them away', async () => {
    await kubectl.run(['delete', '-f', EXAMPLES]);
    await kubectl.run('wait --for=delete pod -l app --timeout=100s');
    expect(await kubectl.run('get all,configmaps,secrets -l app -o name')).toBe('');
  });
});
