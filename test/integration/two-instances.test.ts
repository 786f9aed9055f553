import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { answerAt } from '../conformance/runtime/published-port.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import type { K2d } from './k2d.ts';
import { BUSYBOX, busybox, containerIds, deployment, podRows } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const service = (nodePort: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, nodePort }] },
});

/** Says on which engine it runs. */
const web = (words: string, replicas: number) =>
  deployment(
    'web',
    { containers: [busybox(`mkdir /w; echo ${words} >/w/index.html; exec httpd -f -p 8080 -h /w`)] },
    { replicas },
  );

describe.skipIf(engines.length < 2)('two instances side by side', () => {
  const instances = engines.map((engine, index) => ({
    engine,
    k2d: useK2d(engine, 'twins'),
    replicas: index + 1,
  }));
  const kubectls = new Map<K2d, Kubectl>();
  const inPlant = (k2d: K2d) => kubectls.get(k2d)!;

  beforeAll(async () => {
    for (const { k2d, engine, replicas } of instances) {
      const kubectl = await k2d.namespace('plant');
      kubectls.set(k2d, kubectl);
      await kubectl.apply(service(k2d.config.nodePorts.first), web(engine.kind, replicas));
    }
    for (const { k2d } of instances) await inPlant(k2d).run('rollout status deployment/web --timeout=100s');
  });

  describe.each(instances)('the one on $engine.kind', ({ k2d, engine, replicas }) => {
    it('lists its own pods, which run on its own engine', async () => {
      const rows = await podRows(inPlant(k2d));
      expect(rows).toHaveLength(replicas);
      for (const { name } of rows) {
        const { main } = await containerIds(inPlant(k2d), name);
        expect(await engineCli(engine, 'inspect', '-f', '{{.State.Running}}', main!)).toBe('true');
      }
    });

    it('sends its Service to its own pods', async () => {
      // Ready pods become endpoints a moment later.
      const ask = (address: string) => eventually('an answer', () => answerAt(address));
      const clusterIp = await inPlant(k2d).run('get service web -o jsonpath={.spec.clusterIP}');
      expect(await ask(clusterIp)).toBe(`${engine.kind}\n`);
      expect(await ask(`127.0.0.1:${k2d.config.nodePorts.first}`)).toBe(`${engine.kind}\n`);
    });

    it("accepts its own credentials and not the other's", async () => {
      const [other] = instances.filter((instance) => instance.k2d !== k2d);
      const server = ['--server', k2d.url, '--insecure-skip-tls-verify'];
      const foreign = inPlant(k2d).with(other!.k2d.config.kubeconfigPath);
      expect(await foreign.attempt(['get', 'pods', ...server])).toMatchObject({ code: 1 });
    });
  });

  it('a container made by hand is a pod in the instance of its engine only', async () => {
    const [here, there] = instances;
    const name = 'it-twins-foreign';
    onTestFinished(async () => void (await engineCli(here!.engine, 'rm', '-f', name)));
    await engineCli(here!.engine, 'run', '-d', '--name', name, BUSYBOX, 'sleep', '1000');
    await eventually('the pod', async () =>
      (await here!.k2d.kubectl.run('get pods')).includes(name) ? true : undefined,
    );
    expect(await there!.k2d.kubectl.run('get pods')).not.toContain(name);
  });

  it('what is deleted in one stays in the other', async () => {
    const [here, there] = instances;
    const uids = () => inPlant(there!.k2d).run('get pods -o jsonpath={.items[*].metadata.uid}');
    const before = await uids();
    await here!.k2d.kubectl.run('delete namespace plant');
    expect(await uids()).toBe(before);
    expect(await answerAt(`127.0.0.1:${there!.k2d.config.nodePorts.first}`)).toBe(`${there!.engine.kind}\n`);
  });
});
