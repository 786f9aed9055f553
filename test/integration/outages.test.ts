import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import type { Follower } from '../clients/follower.ts';
import { askWith, peerIn } from '../conformance/dataplane/place.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { busybox, containerIds, deployment, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

/** Answers every request with its name, and asks the other one every moment by the name of its Service. */
const talker = (name: string, other: string) =>
  deployment(name, {
    containers: [
      busybox(
        `mkdir /w; echo ${name} >/w/index.html; httpd -p 8080 -h /w;
         while :; do echo "$(date +%s) $(wget -q -O - http://${other}/)"; sleep 0.2 & wait $!; done`,
      ),
    ],
  });

const service = (name: string, nodePort: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'NodePort', selector: { app: name }, ports: [{ port: 80, targetPort: 8080, nodePort }] },
});

describe.each(engines)('outages on $kind', (engine) => {
  const k2d = useK2d(engine, 'outages');
  const { first: nodePort } = k2d.config.nodePorts;
  const label = `label=k2d.io/instance=${k2d.config.instance}`;
  const workloads = async () =>
    (await engineCli(engine, 'ps', '-a', '--no-trunc', '--filter', label, '--format', '{{.Names}} {{.ID}}'))
      .split('\n')
      .filter((line) => !line.startsWith(`${k2d.config.instance} `))
      .toSorted();

  describe('k2d is stopped for a while', () => {
    let kubectl: Kubectl;
    let containers: string[];
    let pods: string;
    const uids = () => kubectl.run('get pods -o jsonpath={.items[*].metadata.uid}');
    const lastWords = async (name: string) => {
      const { main } = containersOf[name]!;
      return (await engineCli(engine, 'logs', '--tail', '1', main!)).split(' ');
    };
    const containersOf: Record<string, Record<string, string>> = {};

    beforeAll(async () => {
      kubectl = await k2d.namespace('plant');
      await kubectl.apply(
        service('one', nodePort),
        service('two', nodePort + 1),
        talker('one', 'two'),
        talker('two', 'one'),
      );
      for (const name of ['one', 'two']) {
        await kubectl.run(`rollout status deployment/${name} --timeout=100s`);
        const [pod] = await podRows(kubectl, `-l app=${name}`);
        containersOf[name] = await containerIds(kubectl, pod!.name);
      }
      containers = await workloads();
      pods = await uids();
      await k2d.stop();
    });
    afterAll(() => k2d.start());

    it.each([
      ['one', 'two'],
      ['two', 'one'],
    ])('%s goes on to hear %s by its name', async (name, other) => {
      const stopped = Math.floor(Date.now() / 1000);
      const [time, heard] = await eventually('a later answer', async () => {
        const words = await lastWords(name);
        return Number(words[0]) > stopped ? words : undefined;
      });
      expect(Number(time)).toBeGreaterThan(stopped);
      expect(heard).toBe(other);
    });

    it('node ports go on', async () => {
      const answer = await fetch(`http://127.0.0.1:${nodePort}/`, { signal: AbortSignal.timeout(5000) });
      expect(await answer.text()).toBe('one\n');
    });

    it('a container that crashes meanwhile is started again by the engine', async () => {
      const { main } = containersOf['two']!;
      const pid = () => engineCli(engine, 'inspect', '-f', '{{.State.Pid}}', main!);
      const before = await pid();
      process.kill(Number(before), 'SIGKILL');
      await eventually('it runs again', async () => (['0', before].includes(await pid()) ? undefined : true));
    });

    it('started again, k2d finds everything where it was and makes nothing anew', async () => {
      await k2d.start();
      await kubectl.run('wait --for=condition=Available deployment --all --timeout=100s');
      expect(await uids()).toBe(pods);
      expect(await podRows(kubectl)).toMatchObject([
        { ready: '1/1', status: 'Running', restarts: 0 },
        { ready: '1/1', status: 'Running', restarts: 1 },
      ]);
      expect(await workloads()).toEqual(containers);
    });

    it('and goes on to serve changes', async () => {
      await kubectl.run('scale deployment/one --replicas=2');
      await kubectl.run('rollout status deployment/one --timeout=100s');
      expect(await askWith(peerIn([]), 'tcp', '127.0.0.1', nodePort)).toHaveLength(1);
    });
  });

  describe('k2d is killed in the middle of an apply of 20 objects', () => {
    const names = Array.from({ length: 10 }, (_, index) => `d${index}`);
    const objects = names.flatMap((name) => [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { name } },
      deployment(name, { containers: [busybox(STAY, { envFrom: [{ configMapRef: { name } }] })] }),
    ]);
    const madeIn = async (namespace: string) => (await workloads()).filter((line) => line.includes(`__${namespace} `));

    const isTaken = (apply: Follower) => apply.until(/^deployment.apps\/d0 created/);
    const isRunning = (namespace: string) =>
      eventually('a container', async () => (await madeIn(namespace)).length > 0 || undefined);

    const killDuringApply = async (namespace: string, moment: (apply: Follower) => Promise<unknown>) => {
      const kubectl = await k2d.namespace(namespace);
      const pid = await k2d.pid();
      const apply = kubectl.follow('apply -f -', { input: objects });
      await moment(apply);
      process.kill(pid, 'SIGKILL');
      const interrupted = (await apply.end()) !== 0;
      await eventually('the engine starts k2d again', async () =>
        [0, pid].includes(await k2d.pid()) ? undefined : true,
      );
      await k2d.start();
      const acknowledged = apply.lines.filter((line) => line.endsWith(' created')).map((line) => line.split(' ')[0]);
      await kubectl.run(`get ${acknowledged.join(' ')}`);
      return { kubectl, interrupted };
    };

    /** A kubectl that was faster than the kill shows nothing: then it is asked again, with new objects. */
    const interruptApply = async (namespace: string) => {
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const { kubectl, interrupted } = await killDuringApply(`${namespace}-${attempt}`, isTaken);
        if (interrupted) return { kubectl, name: `${namespace}-${attempt}` };
        await kubectl.run(`delete namespace ${namespace}-${attempt}`);
      }
      throw new Error('no apply was interrupted');
    };

    const expectOnce = async (kubectl: Kubectl, namespace: string) => {
      await kubectl.run('wait --for=condition=Available deployment --all --timeout=100s');
      const rows = await podRows(kubectl);
      expect(rows.map(({ name, status }) => `${name.slice(0, 2)} ${status}`)).toEqual(
        names.map((name) => `${name} Running`),
      );
      expect((await madeIn(namespace)).map((line) => line.slice(0, 2))).toEqual(names);
      await kubectl.run(`delete namespace ${namespace}`);
      expect(await madeIn(namespace)).toEqual([]);
    };

    it('while it takes them: everything is as applied, once', async () => {
      const { kubectl, name } = await interruptApply('it-takes-them');
      await kubectl.apply(...objects);
      await expectOnce(kubectl, name);
    });

    it('while it runs them: everything is as applied, once', async () => {
      const { kubectl, interrupted } = await killDuringApply('it-runs-them', () => isRunning('it-runs-them'));
      if (interrupted) await kubectl.apply(...objects);
      await expectOnce(kubectl, 'it-runs-them');
    });
  });
});
