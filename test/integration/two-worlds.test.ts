import { GenericContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import type { Follower } from '../clients/follower.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { consistently } from './consistently.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { BUSYBOX, busybox, containerIds, deployment, podRow, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

/** From what happens on the engine to the line in kubectl, and back: k2d promises it. */
const SOON_MS = 2000;

const CHATTY = `echo hello; trap 'exit 0' TERM; ${STAY}`;

describe.each(engines)('two worlds on $kind', (engine) => {
  const k2d = useK2d(engine, 'worlds');
  const byHand = (...args: string[]) => engineCli(engine, ...args);
  const foreign = `it-${engine.kind}-foreign`;
  const isGone = (name: string) =>
    eventually(`no container is named ${name}`, async () =>
      (await byHand('ps', '-a', '--filter', `name=${name}`, '--format', '{{.Names}}')) === '' ? true : undefined,
    );
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

    it('is measured', async () => {
      await kubectl.until(`top pod ${foreign} --no-headers`, new RegExp(`^${foreign} +\\d+m +\\d+Mi`));
    });

    it('is shown as it is stopped and started by hand', async () => {
      await byHand('stop', '-t', '1', foreign);
      await shows('Completed');
      await byHand('start', foreign);
      await shows('Running');
    });

    it('is removed when its pod is deleted', async () => {
      await kubectl.run(`delete pod ${foreign} --grace-period=1`);
      await isGone(foreign);
    });

    it('is no pod any more when it is removed by hand', async () => {
      const container = await new GenericContainer(BUSYBOX).withName(foreign).withCommand(['sh', '-c', CHATTY]).start();
      await shows('Running');
      await container.stop({ remove: true, timeout: 1000 });
      await kubectl.run(`wait --for=delete pod/${foreign} --timeout=2s`);
    });
  });

  const shop = `it-${engine.kind}-shop`;
  const script = (name: string) => ['sh', '-c', `echo I am ${name}; trap 'exit 0' TERM; ${STAY}`];
  const service = (name: string, ...flags: string[]) => {
    const labels = { project: shop, service: name, 'container-number': '1', oneoff: 'False' };
    const all = Object.entries(labels).flatMap(([key, value]) => ['--label', `com.docker.compose.${key}=${value}`]);
    const names = ['--name', `${shop}-${name}-1`, '-e', `WHO=${name}`, '-e', 'DB_PASSWORD=sesame'];
    return byHand('run', '-d', ...all, ...names, '--restart', 'unless-stopped', ...flags, BUSYBOX, ...script(name));
  };
  type Made = { pod: string; ids: string[]; remove: () => Promise<unknown> };

  /** As `docker compose up` makes a service and another one with `network_mode: service:web`. */
  const composeProject = async (): Promise<Made> => {
    const web = await service('web', '-m', '64m');
    const side = await service('side', '--network', `container:${web}`);
    const remove = () => byHand('rm', '-f', `${shop}-side-1`, `${shop}-web-1`);
    return { pod: `${shop}-web-1`, ids: [web, side], remove };
  };

  const podmanPod = async (): Promise<Made> => {
    await byHand('pod', 'create', '--name', shop);
    const member = (name: string) =>
      byHand('run', '-d', '--pod', shop, '--name', name, '-e', `WHO=${name}`, BUSYBOX, ...script(name));
    const ids = [await member('web'), await member('side')];
    return { pod: shop, ids, remove: () => byHand('pod', 'rm', '-f', shop) };
  };

  const groups = [
    { what: 'a Compose project', make: composeProject },
    ...(engine.kind === 'podman' ? [{ what: 'a Podman pod', make: podmanPod }] : []),
  ];

  describe.each(groups)('$what whose containers share a network', ({ make }) => {
    let kubectl: Kubectl;
    let made: Made;
    const startedAt = () => byHand('inspect', '-f', '{{.Id}} {{.State.StartedAt}}', ...made.ids);
    const available = () => kubectl.run(`wait --for=condition=Available deployment/${made.pod} --timeout=100s`);
    const pods = () => podRows(kubectl, `-l app.kubernetes.io/instance=${made.pod}`);

    beforeAll(async () => {
      kubectl = k2d.kubectl;
      made = await make();
    });
    afterAll(() => made?.remove().catch(() => undefined));

    it('is one pod with logs and a shell in each of them', async () => {
      const { pod } = made;
      await podRow(kubectl, pod, ({ ready, status }) => ready === '2/2' && status === 'Running', SOON_MS);
      for (const name of ['web', 'side']) {
        expect(await kubectl.until(`logs ${pod} -c ${name}`, name)).toBe(`I am ${name}\n`);
        expect(await kubectl.run(['exec', pod, '-c', name, '--', 'sh', '-c', 'echo $WHO'])).toBe(`${name}\n`);
      }
    });

    it('is adopted as it runs, and k2d knows it again after its own restart', async () => {
      const before = await startedAt();
      await kubectl.run(`annotate pod ${made.pod} k2d.io/adopt=true`);
      await kubectl.run(`wait --for=create deployment/${made.pod} --timeout=100s`);
      await available();
      await k2d.stop();
      await k2d.start();
      await available();
      expect(await pods()).toMatchObject([{ ready: '2/2', status: 'Running', restarts: 0 }]);
      expect(await startedAt()).toBe(before);
    });

    it('is scaled, by pods of the same template', async () => {
      await kubectl.run(`scale deployment/${made.pod} --replicas=2`);
      await kubectl.run(`rollout status deployment/${made.pod} --timeout=100s`);
      expect(await pods()).toMatchObject([{ ready: '2/2' }, { ready: '2/2' }]);
      for (const { name } of await pods())
        expect(await kubectl.run(['exec', name, '-c', 'side', '--', 'sh', '-c', 'echo $WHO'])).toBe('side\n');
    });

    it('is replaced when the template changes, and goes with its Deployment', async () => {
      await kubectl.run(`set env deployment/${made.pod} -c web MODE=new`);
      await kubectl.run(`rollout status deployment/${made.pod} --timeout=100s`);
      await eventually('the adopted containers are gone', async () =>
        (await byHand('ps', '-aq', '--no-trunc')).split('\n').some((id) => made.ids.includes(id)) ? undefined : true,
      );
      await kubectl.run(`delete deployment/${made.pod} --cascade=foreground`);
      await isGone(shop);
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
      await kubectl.run('rollout status deployment/web --timeout=100s');
    });

    it('is replaced at once when somebody removes it', async () => {
      const watch = kubectl.follow('get pods -w -o jsonpath={.status.containerStatuses[0].containerID}{"\\n"}');
      onTestFinished(() => watch.stop());
      const id = await container();
      await watch.next(new RegExp(id));
      await byHand('rm', '-f', id);
      const next = (await watch.next(new RegExp(`^\\w+://(?!${id})`), SOON_MS)).split('://')[1]!;
      await eventually('it runs', async () => (await isRunning(next)) || undefined);
      await podRow(kubectl, '-l app=web', ({ status, ready }) => status === 'Running' && ready === '1/1', SOON_MS);
    });

    it('is shown as stopped when somebody stops it, and stays so', async () => {
      const id = await container();
      const name = await podName();
      await byHand('stop', '-t', '1', id);
      await podRow(kubectl, name, ({ status, ready }) => status === 'Stopped' && ready === '0/1', SOON_MS);
      await consistently('it stays stopped', async () => !(await isRunning(id)), 3000);
      expect(await podRows(kubectl, '-l app=web')).toMatchObject([{ name, status: 'Stopped' }]);
    });

    it('is not ready while somebody has paused it', async () => {
      const id = await container();
      const name = await podName();
      await byHand('start', id);
      await podRow(kubectl, name, ({ status }) => status === 'Running', SOON_MS);
      await byHand('pause', id);
      await podRow(kubectl, name, ({ status, ready }) => status === 'Paused' && ready === '0/1', SOON_MS);
      await byHand('unpause', id);
      await podRow(kubectl, name, ({ status, ready }) => status === 'Running' && ready === '1/1', SOON_MS);
      await byHand('stop', '-t', '1', id);
      await podRow(kubectl, name, ({ status }) => status === 'Stopped', SOON_MS);
    });

    it('runs again when somebody starts it', async () => {
      const id = await container();
      await byHand('start', id);
      await podRow(kubectl, await podName(), ({ status, ready }) => status === 'Running' && ready === '1/1', SOON_MS);
      expect(await container()).toBe(id);
    });
  });
});
