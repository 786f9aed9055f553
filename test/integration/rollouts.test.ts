import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectEngine } from '../../scripts/deploy/engine.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { answerAt } from '../conformance/runtime/published-port.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engines } from './engines.ts';
import { BUSYBOX, busybox, deployment, podRow, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

/** The same busybox under another name: what a new version of an application is. */
const NEXT = { repo: 'localhost/k2d-test/busybox', tag: '2' };

/** Answers on port 8080, and ends at once when it is told to. */
const SERVE = `echo here I am >/tmp/index.html; httpd -p 8080 -h /tmp; ${STAY}`;
const web = (name: string, spec: object = {}) => deployment(name, { containers: [busybox(SERVE)] }, spec);

const imagesOf = async (kubectl: Kubectl, selector: string): Promise<string[]> =>
  (await kubectl.run(`get pods -l ${selector} -o jsonpath={.items[*].spec.containers[0].image}`)).split(' ');

const sameImages = (images: readonly string[], others: readonly string[]): true | undefined =>
  images.join() === others.join() ? true : undefined;

const patch = (name: string, change: object): string[] => ['patch', 'deployment', name, '-p', JSON.stringify(change)];

describe.each(engines)('rollouts on $kind', (engine) => {
  const k2d = useK2d(engine, 'rollouts');
  beforeAll(async () => {
    const { client } = await connectEngine({ runtimeSocket: engine.socket });
    await client.getImage(BUSYBOX).tag(NEXT);
  });
  afterAll(async () => {
    const { client } = await connectEngine({ runtimeSocket: engine.socket });
    await client.getImage(`${NEXT.repo}:${NEXT.tag}`).remove();
  });

  describe('a Deployment over its versions', () => {
    let kubectl: Kubectl;
    const rolledOut = () => kubectl.run('rollout status deployment/web --timeout=100s');
    const history = async () => (await kubectl.run('rollout history deployment/web')).match(/^\d+/gm);

    beforeAll(async () => {
      kubectl = await k2d.namespace('versions');
      await kubectl.apply(web('web'));
      await rolledOut();
    });

    it('is listed with all that belongs to it', async () => {
      const all = await kubectl.run('get all -o wide');
      expect(all).toMatch(/^pod\/web-[^]*^deployment.apps\/web +1\/1[^]*^replicaset.apps\/web-/m);
      expect(all).toMatch(/NOMINATED NODE[^]*IMAGES +SELECTOR/);
    });

    it('describes', async () => {
      await kubectl.until('describe deployment web', /Replicas: +1 desired[^]*ScalingReplicaSet/);
      await kubectl.until('describe pod -l app=web', /Status: +Running[^]*Started/);
      expect(await kubectl.run('describe node')).toMatch(/Ready +True/);
    });

    it('scales, and a watch shows each step', async () => {
      const watch = kubectl.follow('get pods -w --no-headers');
      onTestFinished(() => watch.stop());
      await watch.until(/^web-\S+ +1\/1 +Running/);
      await kubectl.run('scale deployment/web --replicas=3');
      await rolledOut();
      const added = (await watch.until(/ContainerCreating/)).split(' ')[0]!;
      await watch.until(new RegExp(`^${added} +1/1 +Running`));
      expect(await podRows(kubectl, '-l app=web')).toHaveLength(3);
      await kubectl.run('scale deployment/web --replicas=1');
      await watch.until(/Terminating/);
      await kubectl.run('wait --for=jsonpath={.status.replicas}=1 deployment/web --timeout=100s');
    });

    it('gets a new image, keeps a history, and goes back', async () => {
      await kubectl.run(`set image deployment/web main=${NEXT.repo}:${NEXT.tag}`);
      await rolledOut();
      expect(await imagesOf(kubectl, 'app=web')).toContain(`${NEXT.repo}:${NEXT.tag}`);
      expect(await history()).toEqual(['1', '2']);
      expect(await kubectl.run('rollout history deployment/web --revision=1')).toContain(BUSYBOX);
      await kubectl.run('rollout undo deployment/web');
      await rolledOut();
      expect(await history()).toEqual(['2', '3']);
      expect(await imagesOf(kubectl, 'app=web')).toContain(BUSYBOX);
    });

    it('restarts with new pods', async () => {
      const before = (await podRows(kubectl, '-l app=web')).map(({ name }) => name);
      await kubectl.run('rollout restart deployment/web');
      await rolledOut();
      await kubectl.run('wait --for=condition=Available deployment/web --timeout=100s');
      await eventually('the old pods are gone', async () =>
        (await podRows(kubectl, '-l app=web')).some(({ name }) => before.includes(name)) ? undefined : true,
      );
    });

    it('an image that does not exist leaves the old version serving', async () => {
      const nodePort = k2d.config.nodePorts.first;
      const ports = [{ port: 80, targetPort: 8080, nodePort }];
      await kubectl.apply({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { type: 'NodePort', selector: { app: 'web' }, ports },
      });
      const before = (await podRows(kubectl, '-l app=web'))[0]!;
      await kubectl.run(`set image deployment/web main=${NEXT.repo}:none`);
      const broken = await eventually('the new pod is made', async () =>
        (await podRows(kubectl, '-l app=web')).find(({ name }) => name !== before.name),
      );
      await podRow(kubectl, broken.name, ({ status }) => /^ErrImagePull|^ImagePullBackOff/.test(status));
      expect(await kubectl.attempt('rollout status deployment/web --timeout=1s')).toMatchObject({ code: 1 });
      expect(await podRows(kubectl, before.name)).toEqual([before]);
      const address = `127.0.0.1:${nodePort}`;
      await eventually('it is served', () => answerAt(address));
      for (let times = 0; times < 10; times += 1) expect(await answerAt(address)).toBe('here I am\n');
      await kubectl.run('wait --for=condition=Available deployment/web --timeout=100s');
      await kubectl.run(patch('web', { spec: { progressDeadlineSeconds: 2 } }));
      const late = await kubectl.attempt('rollout status deployment/web --timeout=100s');
      expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('exceeded its progress deadline') });
      expect(await podRows(kubectl, before.name)).toEqual([before]);
      await kubectl.run('rollout undo deployment/web');
      await rolledOut();
      await kubectl.run(`wait --for=delete pod/${broken.name} --timeout=100s`);
      expect(await podRows(kubectl, before.name)).toEqual([before]);
    });

    it('a selector deletes what it matches, and nothing else', async () => {
      const others = ['other', 'unlabelled'];
      await kubectl.apply(...others.map((name) => web(name)), web('third'));
      await kubectl.run('label deployment unlabelled app-');
      await kubectl.run('rollout status deployment/third --timeout=100s');
      const names = async () => (await kubectl.run('get deployments -o name')).trim().split('\n');
      const uids = () => kubectl.run('get pods -l app!=third -o jsonpath={.items[*].metadata.uid}');
      const before = await uids();
      await kubectl.run('delete deployment -l app=third');
      expect(await names()).toEqual(['other', 'unlabelled', 'web'].map((name) => `deployment.apps/${name}`));
      await kubectl.run('wait --for=delete pod -l app=third --timeout=100s');
      expect(await uids()).toBe(before);
    });

    it('logs follow a container to its end', async () => {
      const counting = 'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo line $i; sleep 0.1 & wait $!; done';
      await kubectl.apply(deployment('counting', { containers: [busybox(counting)] }));
      await kubectl.run('rollout status deployment/counting --timeout=100s');
      const logs = kubectl.follow('logs -f deployment/counting');
      onTestFinished(() => logs.stop());
      await logs.until(/^line 20$/);
      expect(logs.lines.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => `line ${index + 1}`));
      await kubectl.run('delete deployment counting');
      await logs.end();
    });
  });

  describe('an update in a plant', () => {
    let kubectl: Kubectl;
    beforeAll(async () => {
      kubectl = await k2d.namespace('plant');
    });

    it('an update that fails undoes itself when it is told to, and stays undone over a restart of k2d', async () => {
      await kubectl.apply(web('careful'));
      await kubectl.run('annotate deployment careful k2d.io/automatic-rollback=true');
      await kubectl.run('rollout status deployment/careful --timeout=100s');
      const before = await imagesOf(kubectl, 'app=careful');
      // An update that succeeds has all the time of a busy machine.
      const update = (tag: string, progressDeadlineSeconds: number) => {
        const containers = [{ name: 'main', image: `${NEXT.repo}:${tag}` }];
        return kubectl.run(patch('careful', { spec: { progressDeadlineSeconds, template: { spec: { containers } } } }));
      };
      await update('none', 3);
      await kubectl.run('wait --for=condition=k2d.io/RolledBack deployment/careful --timeout=100s');
      await kubectl.run('rollout status deployment/careful --timeout=100s');
      await kubectl.until('events --for deployment/careful', /DeploymentRollback.*rolled back to revision 1/);
      await k2d.stop();
      await k2d.start();
      await kubectl.run('wait --for=condition=k2d.io/RolledBack deployment/careful --timeout=100s');
      await eventually('only the former version is left', async () =>
        sameImages(await imagesOf(kubectl, 'app=careful'), before),
      );
      await update(NEXT.tag, 600);
      await kubectl.run('rollout status deployment/careful --timeout=100s');
      expect(await kubectl.run('get deployment careful -o jsonpath={.status.conditions[*].type}')).not.toContain(
        'RolledBack',
      );
    });

    it.each(['Deployment', 'StatefulSet', 'DaemonSet'])(
      'an update of a %s waits for its image, while the plant says so, and while a pod holds its lock',
      async (kind) => {
        const app = `locked-${kind.toLowerCase()}`;
        const workload = `${kind.toLowerCase()}/${app}`;
        const container = busybox(`touch /state/busy; ${STAY}`, {
          volumeMounts: [{ name: 'state', mountPath: '/state' }],
        });
        const metadata = { labels: { app }, annotations: { 'k2d.io/update-lock': '/state/busy' } };
        const spec = { containers: [container], volumes: [{ name: 'state', emptyDir: {} }] };
        const service = kind === 'StatefulSet' ? { serviceName: app } : {};
        await kubectl.apply({ ...deployment(app, {}, { template: { metadata, spec }, ...service }), kind });
        await kubectl.run(`rollout status ${workload} --timeout=100s`);
        const pod = (await kubectl.run(`get pods -l app=${app} -o name`)).trim();
        const uid = () => kubectl.run(`get ${pod} -o jsonpath={.metadata.uid}{.metadata.deletionTimestamp}`);
        const before = await uid();
        const postponedBy = (reason: string) =>
          eventually(`the update is postponed: ${reason}`, async () => {
            const path = '{.status.conditions[?(@.type=="k2d.io/UpdatePostponed")].reason}';
            return (await kubectl.run(`get ${workload} -o jsonpath=${path}`)) === reason ? true : undefined;
          });

        await kubectl.run(`wait --for=condition=k2d.io/UpdateAllowed=False ${pod} --timeout=100s`);
        // A Deployment would make a pod for the missing image beside the old one.
        await kubectl.run(`set image ${workload} main=${NEXT.repo}:${kind === 'Deployment' ? NEXT.tag : 'none'}`);
        await postponedBy('UpdateLockHeld');
        await kubectl.run(`annotate ${workload} k2d.io/update-window=blocked`);
        await kubectl.run(`exec ${pod} -- rm /state/busy`);
        await kubectl.run(`wait --for=condition=k2d.io/UpdateAllowed ${pod} --timeout=100s`);
        await postponedBy('UpdateWindowBlocked');
        expect(await uid()).toBe(before);
        await kubectl.run(`annotate ${workload} k2d.io/update-window-`);
        if (kind !== 'Deployment') {
          await postponedBy('');
          await eventually('the image is asked for', async () =>
            /Failed to pull image|ErrImagePull/.test(await kubectl.run(`events --for ${workload}`)) ? true : undefined,
          );
          expect(await uid()).toBe(before);
          await kubectl.run(`set image ${workload} main=${NEXT.repo}:${NEXT.tag}`);
        }
        await kubectl.run(`rollout status ${workload} --timeout=100s`);
        await eventually('only the new version is left', async () =>
          sameImages(await imagesOf(kubectl, `app=${app}`), [`${NEXT.repo}:${NEXT.tag}`]),
        );
      },
    );

    it('grows with what its pods use of the CPU', async () => {
      const resources = { requests: { cpu: '25m' }, limits: { cpu: '150m' } };
      await kubectl.apply(deployment('busy', { containers: [busybox('while :; do :; done', { resources })] }));
      await kubectl.run('rollout status deployment/busy --timeout=100s');
      await kubectl.run('autoscale deployment busy --min=1 --max=2');
      await kubectl.run('wait --for=jsonpath={.spec.replicas}=2 deployment/busy --timeout=100s');
      await kubectl.run('wait --for=condition=ScalingActive hpa/busy --timeout=100s');
      await kubectl.until('describe hpa busy', /SuccessfulRescale .*New size: 2; reason: cpu resource utilization/);
      await kubectl.until('get hpa busy', /Deployment\/busy +cpu: \d{3,}%\/80% /);
      await kubectl.run('delete hpa/busy deployment/busy');
    });
  });
});
