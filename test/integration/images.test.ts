import { beforeAll, describe, expect, it } from 'vitest';
import type { Pod } from '../../src/domain/meta/types.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { oneImageRegistry } from '../conformance/runtime/one-image-registry.ts';
import { consistently } from './consistently.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { busybox, BUSYBOX, containerIds, deployment, pod, podRow, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const credentials = { username: 'plant', password: 'pass:word' };
const programs = ['/bin/busybox'];
const running = ({ status, ready }: { status: string; ready: string }) => status === 'Running' && ready === '1/1';

const stay = (image: string, fields: object = {}) => ({
  name: 'main',
  image,
  command: ['/bin/busybox', 'sh', '-c', `trap 'exit 0' TERM; while :; do /bin/busybox sleep 1 & wait $!; done`],
  ...fields,
});

const pullSecret = (name: string, server: string, { username, password }: typeof credentials) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  type: 'kubernetes.io/dockerconfigjson',
  stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [server]: { username, password } } }) },
});

/** The disk counts as full, so that every image that may go does. */
const alwaysFull = { K2D_IMAGE_GC_HIGH_THRESHOLD: '0', K2D_IMAGE_GC_LOW_THRESHOLD: '0', K2D_IMAGE_GC_MIN_AGE: '0' };

describe.each(engines)('images on $kind', (engine) => {
  const k2d = useK2d(engine, 'images', alwaysFull);
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await k2d.namespace('images');
  });
  const isPresent = (image: string) =>
    engineCli(engine, 'image', 'inspect', image).then(
      () => true,
      () => false,
    );
  const untilEvent = (name: string, text: string | RegExp) => kubectl.until(`events --for pod/${name}`, text);

  it('are pulled with the secrets of the pod or of its account, and with the right one of several', async () => {
    await using registry = await oneImageRegistry({ credentials, programs });
    const image = `${registry.server}/team/app:1`;
    await kubectl.apply(
      pullSecret('wrong', `${registry.server}/team/app`, { ...credentials, password: 'wrong' }),
      pullSecret('right', `http://${registry.server}/v1/`, credentials),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'puller' }, imagePullSecrets: [{ name: 'right' }] },
    );
    await kubectl.apply(pod('stranger', { containers: [stay(image)], imagePullSecrets: [{ name: 'missing' }] }));
    await podRow(kubectl, 'stranger', ({ status }) => status === 'ErrImagePull' || status === 'ImagePullBackOff');
    await untilEvent('stranger', 'Unable to retrieve some image pull secrets (missing)');
    await kubectl.apply(
      pod('guest', { containers: [stay(image)], imagePullSecrets: [{ name: 'wrong' }, { name: 'right' }] }),
    );
    await podRow(kubectl, 'guest', running);
    await kubectl.run('delete pod guest stranger --now');
    await eventually('the image is gone', async () => ((await isPresent(image)) ? undefined : true));
    await kubectl.apply(pod('member', { containers: [stay(image)], serviceAccountName: 'puller' }));
    await podRow(kubectl, 'member', running);
    await untilEvent(
      'member',
      /Successfully pulled image ".*" in [\d.ms]+ \([\d.ms]+ including waiting\)\. Image size: \d+ bytes\./,
    );
    await kubectl.run('delete pod member --now');
  });

  it('are known by their digest', async () => {
    await using registry = await oneImageRegistry({ programs });
    const image = `${registry.server}/app@${registry.digest}`;
    await kubectl.apply(pod('exact', { containers: [stay(image)] }));
    await podRow(kubectl, 'exact', running);
    const found = JSON.parse(await kubectl.run('get pod exact -o json')) as Pod;
    expect(found.status?.containerStatuses?.[0]?.imageID).toBe(image);
    await k2d.kubectl.until('get nodes -o jsonpath={.items[0].status.images[*].names}', image);
    await kubectl.run('delete pod exact --now');
  });

  it('are not needed anew when a container is, whatever the policy says', async () => {
    const registry = await oneImageRegistry({ programs });
    const image = `${registry.server}/app:1`;
    await kubectl.apply(pod('steady', { containers: [stay(image, { imagePullPolicy: 'Always' })] }));
    await podRow(kubectl, 'steady', running);
    await registry[Symbol.asyncDispose]();
    const { main } = await containerIds(kubectl, 'steady');
    await engineCli(engine, 'rm', '--force', main!);
    await eventually('there is another container', async () =>
      ((await containerIds(kubectl, 'steady'))['main'] ?? main) === main ? undefined : true,
    );
    await podRow(kubectl, 'steady', running);
    await untilEvent('steady', 'using the image that is present');
    await kubectl.run('delete pod steady --now');
  });

  it('are pulled before anything stops', async () => {
    await using silent = await oneImageRegistry({ silent: true });
    await kubectl.apply(pod('serving', { containers: [busybox(STAY)] }));
    await podRow(kubectl, 'serving', running);
    const before = await containerIds(kubectl, 'serving');
    await kubectl.run(`set image pod/serving main=${silent.server}/next:1`);
    await untilEvent('serving', `Pulling image "${silent.server}/next:1"`);
    await consistently(
      'the old container serves',
      async () => (await engineCli(engine, 'inspect', '--format', '{{.State.Running}}', before['main']!)) === 'true',
      3000,
    );
    await kubectl.run('delete pod serving --now');
  });

  it('are pulled before a Deployment of strategy Recreate stops anything', async () => {
    await using silent = await oneImageRegistry({ silent: true });
    await using speaking = await oneImageRegistry({ programs });
    await kubectl.apply(deployment('remade', { containers: [stay(BUSYBOX)] }, { strategy: { type: 'Recreate' } }));
    await kubectl.run('rollout status deployment/remade --timeout=100s');
    const before = await podRow(kubectl, '-l app=remade', running);
    await kubectl.run(`set image deployment/remade main=${silent.server}/next:1`);
    await kubectl.until('events --for deployment/remade', `Pulling image "${silent.server}/next:1"`);
    await consistently(
      'the old pod serves',
      async () => (await podRow(kubectl, '-l app=remade', running)).name === before.name,
      3000,
    );
    await kubectl.run(`set image deployment/remade main=${speaking.server}/next:1`);
    await podRow(kubectl, '-l app=remade', (row) => running(row) && row.name !== before.name);
    await kubectl.run('delete deployment remade');
  });

  it('go when the disk is full, except those in use and those that people made', async () => {
    await using one = await oneImageRegistry({ programs });
    await using other = await oneImageRegistry({ programs });
    const image = (name: string) => `${(name === 'used' ? one : other).server}/${name}:1`;
    const mine = `localhost/k2d-test-${engine.kind}/mine:1`;
    await kubectl.apply(pod('user', { containers: [stay(image('used'))] }));
    await podRow(kubectl, 'user', running);
    await engineCli(engine, 'commit', (await containerIds(kubectl, 'user'))['main']!, mine);
    await kubectl.apply(pod('idle', { containers: [stay(image('idle'))], restartPolicy: 'Never' }));
    await podRow(kubectl, 'idle', running);
    await kubectl.run('delete pod idle --now');
    await eventually('the idle name is gone', async () => ((await isPresent(image('idle'))) ? undefined : true));
    expect([await isPresent(image('used')), await isPresent(mine)]).toEqual([true, true]);
    await k2d.kubectl.until('get events -n default', 'FreeDiskSpaceFailed');
    await kubectl.run('delete pod user --now');
    await eventually('the used image is gone', async () => ((await isPresent(image('used'))) ? undefined : true));
    expect(await isPresent(mine)).toBe(true);
    await engineCli(engine, 'rmi', mine);
  });

  it('that cannot be had are asked for ever more rarely, and names that are none are not', async () => {
    await kubectl.apply(
      pod('nowhere', { containers: [stay('localhost:1/app:1')] }),
      pod('nonsense', { containers: [stay('Not A Name')] }),
      pod('never', { containers: [stay('localhost:1/app:1', { imagePullPolicy: 'Never' })] }),
    );
    await podRow(kubectl, 'nonsense', ({ status }) => status === 'InvalidImageName');
    await podRow(kubectl, 'never', ({ status }) => status === 'ErrImageNeverPull');
    await podRow(kubectl, 'nowhere', ({ status }) => status === 'ImagePullBackOff');
    await untilEvent('nowhere', 'Back-off pulling image "localhost:1/app:1"');
    await kubectl.run('delete pod nowhere nonsense never --now');
  });
});
