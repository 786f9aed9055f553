import { describe, expect, it } from 'vitest';
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Volume } from '../../meta/types.ts';
import { planVolume } from './plan-volume.ts';
import type { VolumeSources } from './volume-sources.ts';

const configMap: ConfigMap = { data: { a: '1', b: '2' }, binaryData: { c: Buffer.from([0, 255]).toString('base64') } };
const secret: Secret = { data: { password: Buffer.from('hush').toString('base64') } };

/** As it is after a start of k2d: what the two say of each other is kept, the phase is not. */
const bound = (volumeName: string): PersistentVolumeClaim => ({
  metadata: { uid: `of-${volumeName}` },
  spec: { volumeName },
  status: { phase: 'Pending' },
});
const claimRef = (volumeName: string) => ({ claimRef: { uid: `of-${volumeName}` } });
const claims: Readonly<Record<string, PersistentVolumeClaim>> = {
  data: bound('made'),
  theirs: bound('found'),
  disk: bound('disk'),
  nfs: bound('nfs'),
  open: { spec: {}, status: { phase: 'Pending' } },
  hopeful: { metadata: { uid: 'hopeful' }, spec: { volumeName: 'made' }, status: { phase: 'Pending' } },
};
const driver = 'k2d.io/engine-volume';
const volumes: Readonly<Record<string, PersistentVolume>> = {
  made: {
    metadata: { name: 'made', annotations: { 'pv.kubernetes.io/provisioned-by': driver } },
    spec: { csi: { driver, volumeHandle: 'data_plant_1' }, ...claimRef('made') },
  },
  found: { metadata: { name: 'found' }, spec: { csi: { driver, volumeHandle: 'old' }, ...claimRef('found') } },
  disk: { metadata: { name: 'disk' }, spec: { local: { path: '/mnt/disk' }, ...claimRef('disk') } },
  nfs: { metadata: { name: 'nfs' }, spec: { nfs: { server: 's', path: '/' }, ...claimRef('nfs') } },
};

const sources: VolumeSources = {
  configMap: (name) => (name === 'settings' ? configMap : undefined),
  secret: (name) => (name === 'keys' ? secret : undefined),
  services: {},
  podIp: '10.42.0.9',
  hostIp: '192.0.2.1',
  node: { cpuMillis: 2000, memoryBytes: 1024 },
  token: ({ audience }) => `token for ${audience ?? 'the API'}`,
  claim: (name) => claims[name],
  persistentVolume: (name) => volumes[name],
};

const pod: Pod = {
  metadata: { name: 'web', namespace: 'plant', uid: 'u', labels: { b: '2', a: 'one "1"' } },
  spec: { containers: [{ name: 'c', resources: { limits: { memory: '64Mi' } } }] },
};

function files(volume: Omit<Volume, 'name'>): Record<string, string> {
  const plan = planVolume(pod, { name: 'v', ...volume }, sources);
  if (plan.kind !== 'files') throw new Error(JSON.stringify(plan));
  return Object.fromEntries([...plan.payload].map(([path, { content }]) => [path, content.toString('latin1')]));
}

const plan = (volume: Omit<Volume, 'name'>) => planVolume(pod, { name: 'v', ...volume }, sources);

describe('planVolume', () => {
  it.each([
    ['a volume that k2d made', 'data', { kind: 'engineVolume', volume: 'data_plant_1', isOurs: true }],
    ['a volume that was on the engine', 'theirs', { kind: 'engineVolume', volume: 'old', isOurs: false }],
    ['a folder of the host', 'disk', { kind: 'hostPath', path: '/mnt/disk' }],
    ['what it cannot mount', 'nfs', { kind: 'missing', message: 'volume "nfs": this kind of volume is not supported' }],
    ['a claim that waits', 'open', { kind: 'missing', message: 'persistentvolumeclaim "open" is not bound' }],
    ["another's", 'hopeful', { kind: 'missing', message: 'persistentvolumeclaim "hopeful" is not bound' }],
    ['no claim', 'none', { kind: 'missing', message: 'persistentvolumeclaim "none" not found' }],
  ])('finds %s behind a claim', (_what, claimName, expected) => {
    expect(plan({ persistentVolumeClaim: { claimName } })).toEqual(expected);
  });

  it('names the claim of an ephemeral volume after pod and volume', () => {
    expect(plan({ ephemeral: {} })).toEqual({ kind: 'missing', message: 'persistentvolumeclaim "web-v" not found' });
  });

  it('projects all keys of a ConfigMap, binary ones too', () => {
    expect(files({ configMap: { name: 'settings' } })).toEqual({ a: '1', b: '2', c: '\0\u00ff' });
  });

  it('projects chosen keys under their paths and modes', () => {
    const chosen = plan({
      configMap: {
        name: 'settings',
        defaultMode: 0o400,
        items: [
          { key: 'a', path: 'x/y', mode: 0o600 },
          { key: 'b', path: 'z' },
        ],
      },
    });
    expect(chosen).toMatchObject({ kind: 'files' });
    if (chosen.kind !== 'files') return;
    expect([...chosen.payload].map(([path, { mode }]) => [path, mode])).toEqual([
      ['x/y', 0o600],
      ['z', 0o400],
    ]);
  });

  it('decodes Secrets', () => {
    expect(files({ secret: { secretName: 'keys' } })).toEqual({ password: 'hush' });
  });

  it.each([
    [{ configMap: { name: 'none' } }, 'configmap "none" not found'],
    [{ secret: { secretName: 'none' } }, 'secret "none" not found'],
    [
      { configMap: { name: 'settings', items: [{ key: 'zz', path: 'zz' }] } },
      'configmap "settings" references non-existent config key: zz',
    ],
    [{ nfs: { server: 's', path: '/' } }, 'volume "v": this kind of volume is not supported'],
  ])('waits for what is missing: %j', (volume, message) => {
    expect(plan(volume)).toEqual({ kind: 'missing', message });
  });

  it('does without what is optional', () => {
    expect(files({ configMap: { name: 'none', optional: true } })).toEqual({});
  });

  it('projects token, ConfigMap and downward API side by side', () => {
    const projected = {
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
        { configMap: { name: 'settings', items: [{ key: 'a', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
    };
    expect(files({ projected })).toEqual({ token: 'token for the API', 'ca.crt': '1', namespace: 'plant' });
  });

  it('writes labels and limits as the downward API does', () => {
    const items = [
      { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
      { path: 'memory', resourceFieldRef: { containerName: 'c', resource: 'limits.memory', divisor: '1Mi' } },
      { path: 'cpu', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } },
    ];
    expect(files({ downwardAPI: { items } })).toEqual({ labels: 'a="one \\"1\\""\nb="2"', memory: '64', cpu: '2' });
  });

  it('tells memory, disk and host apart', () => {
    expect(plan({ emptyDir: {} })).toEqual({ kind: 'emptyDir' });
    expect(plan({ emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } })).toEqual({ kind: 'memory', sizeBytes: 1048576 });
    expect(plan({ hostPath: { path: '/dev' } })).toEqual({ kind: 'hostPath', path: '/dev', type: '' });
  });
});
