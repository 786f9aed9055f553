import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { busybox, pod, podRow, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const claim = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '16Mi' } }, ...spec },
});

const volume = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: name, ...spec },
});

const user = (name: string, claimName: string, script: string, mount: object = {}) =>
  pod(name, {
    restartPolicy: 'Never',
    containers: [busybox(script, { volumeMounts: [{ name: 'data', mountPath: '/data', ...mount }] })],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
  });

describe.each(engines)('storage on $kind', (engine) => {
  const k2d = useK2d(engine, 'storage');
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await k2d.namespace('storage');
  });

  const get = async (what: string, path: string) => kubectl.run(['get', ...what.split(' '), '-o', `jsonpath=${path}`]);
  const ends = (name: string) => podRow(kubectl, name, ({ status }) => status === 'Completed');
  const engineVolumes = async () => (await engineCli(engine, 'volume', 'ls', '-q')).split('\n');
  const handleOf = async (name: string) =>
    get(`pv ${await get(`pvc ${name}`, '{.spec.volumeName}')}`, '{.spec.csi.volumeHandle}');

  it('makes a volume of the engine when the first pod wants it, which outlives the pod and goes with its claim', async () => {
    await kubectl.apply(claim('made'));
    expect(await get('pvc made', '{.status.phase} {.spec.storageClassName}')).toBe('Pending local');
    await kubectl.apply(user('writer', 'made', 'echo kept > /data/file'));
    await ends('writer');
    expect(await get('pvc made', '{.status.phase} {.status.capacity.storage}')).toBe('Bound 16Mi');
    const handle = await handleOf('made');
    expect(handle).toMatch(/^made_storage_/);
    expect(await engineVolumes()).toContain(handle);
    await kubectl.run('delete pod writer');
    await kubectl.apply(user('reader', 'made', 'cat /data/file'));
    await ends('reader');
    expect(await kubectl.run('logs reader')).toBe('kept\n');

    // In use: it stays until the pod is gone.
    await kubectl.apply(user('holder', 'made', STAY));
    await podRow(kubectl, 'holder', ({ status }) => status === 'Running');
    await kubectl.run('delete pvc made --wait=false');
    expect(await kubectl.run('get pvc made --no-headers')).toContain('Terminating');
    const volumeName = await get('pvc made', '{.spec.volumeName}');
    await kubectl.run('delete pod reader holder');
    await kubectl.run('wait --for=delete pvc/made --timeout=100s');
    await kubectl.run(`wait --for=delete pv/${volumeName} --timeout=100s`);
    expect(await engineVolumes()).not.toContain(handle);
  });

  it('shows folders of a volume, and takes what was on the engine already', async () => {
    const name = `${k2d.config.instance}-old`;
    await engineCli(engine, 'volume', 'create', '--label', `k2d.io/instance=${k2d.config.instance}`, name);
    const csi = { driver: 'k2d.io/engine-volume', volumeHandle: name };
    await kubectl.apply(volume('old', { csi }), claim('old', { storageClassName: 'old' }));
    await kubectl.run('wait --for=jsonpath={.status.phase}=Bound pvc/old --timeout=100s');
    await kubectl.apply(user('old-user', 'old', 'echo from a pod > /data/file'));
    await ends('old-user');
    const seen = await engineCli(
      engine,
      'run',
      '--rm',
      '-v',
      `${name}:/v`,
      'docker.io/library/busybox:1.35',
      'cat',
      '/v/file',
    );
    expect(seen).toBe('from a pod');

    await kubectl.apply(claim('parts'), user('part', 'parts', 'echo below > /data/file', { subPath: 'a/b' }));
    await ends('part');
    await kubectl.apply(user('whole', 'parts', 'cat /data/a/b/file'));
    await ends('whole');
    expect(await kubectl.run('logs whole')).toBe('below\n');
  });

  it('keeps what is to be retained, and gives it to nobody', async () => {
    await kubectl.apply(claim('kept'), user('keeper', 'kept', 'echo precious > /data/file'));
    await ends('keeper');
    const volumeName = await get('pvc kept', '{.spec.volumeName}');
    const handle = await handleOf('kept');
    await kubectl.run(['patch', 'pv', volumeName, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}']);
    await kubectl.run('delete pod keeper');
    await kubectl.run('delete pvc kept');
    await kubectl.run(`wait --for=jsonpath={.status.phase}=Released pv/${volumeName} --timeout=100s`);
    expect(await engineVolumes()).toContain(handle);
    await kubectl.run(`delete pv ${volumeName} --timeout=100s`);
    expect(await engineVolumes()).toContain(handle);
    await engineCli(engine, 'volume', 'rm', handle);
  });

  it('gives a pod a volume of its own for as long as it lives', async () => {
    const template = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Mi' } } } };
    await kubectl.apply(
      pod('scratch', {
        restartPolicy: 'Never',
        containers: [busybox('touch /data/file; ls /data', { volumeMounts: [{ name: 'own', mountPath: '/data' }] })],
        volumes: [{ name: 'own', ephemeral: { volumeClaimTemplate: template } }],
      }),
    );
    await ends('scratch');
    expect(await kubectl.run('logs scratch')).toBe('file\n');
    const handle = await handleOf('scratch-own');
    await kubectl.run('delete pod scratch');
    await kubectl.run('wait --for=delete pvc/scratch-own --timeout=100s');
    await eventually(
      'the volume is gone',
      async () => ((await engineVolumes()).includes(handle) ? undefined : true),
      30_000,
    );
  });

  it('shows a pod what is mounted on the host later, if it asks for it', async () => {
    const run = promisify(execFile);
    await mkdir('/var/lib/k2d-test', { recursive: true });
    const folder = await mkdtemp(join('/var/lib/k2d-test', 'mounts-'));
    onTestFinished(async () => {
      await run('umount', ['-R', folder]);
      await rm(folder, { recursive: true });
    });
    await run('mount', ['-t', 'tmpfs', 'mounts', folder]);
    await run('mount', ['--make-rshared', folder]);
    await mkdir(join(folder, 'sub'));
    const mount = (name: string, mountPropagation: string) =>
      busybox(STAY, { name, volumeMounts: [{ name: 'host', mountPath: '/host', mountPropagation }] });
    const volumes = [{ name: 'host', hostPath: { path: folder, type: 'Directory' } }];
    await kubectl.apply(
      pod('mounts', { volumes, containers: [mount('none', 'None'), mount('host', 'HostToContainer')] }),
    );
    await podRow(kubectl, 'mounts', ({ ready }) => ready === '2/2');
    await run('mount', ['-t', 'tmpfs', 'later', join(folder, 'sub')]);
    const sees = (container: string) =>
      kubectl.run([
        'exec',
        'mounts',
        '-c',
        container,
        '--',
        'sh',
        '-c',
        'grep -c "^later /host/sub " /proc/mounts; true',
      ]);
    expect([await sees('none'), await sees('host')]).toEqual(['0\n', '1\n']);
    await kubectl.run('delete pod mounts');
  });

  it('lets claims grow, waits for claims that are missing, and counts them', async () => {
    await kubectl.apply(user('early', 'late', 'echo started'));
    await eventually(
      'the event says what is missing',
      async () =>
        (await kubectl.run('get events --field-selector involvedObject.name=early')).includes(
          'persistentvolumeclaim "late" not found',
        )
          ? true
          : undefined,
      30_000,
    );
    await kubectl.apply(claim('late'));
    await ends('early');
    const more = '{"spec":{"resources":{"requests":{"storage":"64Mi"}}}}';
    await kubectl.run(['patch', 'pvc', 'late', '-p', more]);
    await kubectl.run('wait --for=jsonpath={.status.capacity.storage}=64Mi pvc/late --timeout=100s');
    await kubectl.run('create quota storage --hard=persistentvolumeclaims=1,requests.storage=1Gi');
    const { code, stderr } = await kubectl.attempt('apply -f -', { input: [claim('extra')] });
    expect([code, stderr]).toEqual([1, expect.stringContaining('exceeded quota: storage')]);
  });
});
