import { GenericContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import type { Follower } from '../clients/follower.ts';
import { consistently } from './consistently.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { BUSYBOX, busybox, containerIds, deployment, podRow, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

/** From what happens on the engine to the line in kubectl, and back. */
const SOON_MS = 2000;

const CHATTY = `echo hello; trap 'exit 0' TERM; ${STAY}`;

describe.each(engines)('two worlds on $kind', (engine) => {
  const k2d = useK2d(engine, 'worlds');
  const byHand = (...args: string[]) => engineCli(engine, ...args);
  const foreign = `it-${engine.kind}-foreign`;
  const removeForeign = () => byHand('rm', '-f', '-t', '0', foreign).catch(() => byHand('rm', '-f', foreign));

  describe('a container that somebody else made', () => {
    let kubectl: Kubectl;
    let watch: Follower;
    const shows = (status: string) => watch.next(new RegExp(`^${foreign} .* ${status} `), SOON_MS);

    beforeAll(() => {
      kubectl = k2d.kubectl;
      watch = kubectl.follow('get pods -w --no-headers');
    });
    afterAll(async () => {
      await watch.stop();
      await removeForeign().catch(() => undefined);
    });

    it('is a pod of namespace default at once', async () => {
      await byHand('run', '-d', '--name', foreign, BUSYBOX, 'sh', '-c', CHATTY);
      await shows('Running');
      expect(await kubectl.run('get pods')).toMatch(new RegExp(`^${foreign} +1/1 +Running +0 `, 'm'));
      expect(await kubectl.run(`get pod ${foreign} -o jsonpath={.spec.containers[0].image}`)).toBe(BUSYBOX);
    });

    it('has logs', async () => {
      const logs = kubectl.follow(`logs -f ${foreign}`);
      onTestFinished(() => logs.stop());
      await logs.until(/^hello$/);
    });

    it('is shown as it is stopped and started by hand', async () => {
      await byHand('stop', '-t', '1', foreign);
      await shows('Completed');
      await byHand('start', foreign);
      await shows('Running');
    });

    it('is removed when its pod is deleted', async () => {
      await kubectl.run(`delete pod ${foreign} --grace-period=1`);
      const left = await byHand('ps', '-a', '--filter', `name=${foreign}`, '--format', '{{.Names}}');
      expect(left).toBe('');
    });

    it('is no pod any more when it is removed by hand', async () => {
      const container = await new GenericContainer(BUSYBOX).withName(foreign).withCommand(['sh', '-c', CHATTY]).start();
      await shows('Running');
      await container.stop({ remove: true, timeout: 1000 });
      await kubectl.run(`wait --for=delete pod/${foreign} --timeout=2s`);
    });
  });

  describe('a container that k2d made', () => {
    let kubectl: Kubectl;
    const podName = async () => (await podRows(kubectl, '-l app=web'))[0]!.name;
    const container = async () => (await containerIds(kubectl, await podName()))['main']!;
    const isRunning = async (id: string) => (await byHand('inspect', '-f', '{{.State.Running}}', id)) === 'true';

    beforeAll(async () => {
      kubectl = await k2d.namespace('plant');
      await kubectl.apply(deployment('web', { containers: [busybox(STAY)] }));
      await kubectl.run('rollout status deployment/web --timeout=30s');
    });

    it('is replaced at once when somebody removes it', async () => {
      const watch = kubectl.follow('get pods -w -o jsonpath={.status.containerStatuses[0].containerID}{"\\n"}');
      onTestFinished(() => watch.stop());
      const id = await container();
      await watch.next(new RegExp(id));
      await byHand('rm', '-f', id);
      const next = (await watch.next(new RegExp(`^\\w+://(?!${id})`), SOON_MS)).split('://')[1]!;
      expect(await isRunning(next)).toBe(true);
      expect(await podRows(kubectl, '-l app=web')).toMatchObject([{ ready: '1/1', status: 'Running' }]);
    });

    it('is shown as stopped when somebody stops it, and stays so', async () => {
      const id = await container();
      const name = await podName();
      await byHand('stop', '-t', '1', id);
      await podRow(kubectl, name, ({ status, ready }) => status === 'Stopped' && ready === '0/1', SOON_MS);
      await consistently('it stays stopped', async () => !(await isRunning(id)), 3000);
      expect(await podRows(kubectl, '-l app=web')).toMatchObject([{ name, status: 'Stopped' }]);
    });

    it('runs again when somebody starts it', async () => {
      const id = await container();
      await byHand('start', id);
      await podRow(kubectl, await podName(), ({ status, ready }) => status === 'Running' && ready === '1/1', SOON_MS);
      expect(await container()).toBe(id);
    });
  });
});
