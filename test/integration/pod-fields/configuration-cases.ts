import { expect } from 'vitest';
import { eventually } from '../../conformance/runtime/eventually.ts';
import { BUSYBOX, busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

type Source = (name: string, more?: object) => object;

/** What a ConfigMap or a Secret becomes files by. */
const configMap: Source = (name, more) => ({ configMap: { name, ...more } });
const secret: Source = (secretName, more) => ({ secret: { secretName, ...more } });
const projected =
  (kind: 'configMap' | 'secret'): Source =>
  (name, { defaultMode, ...more }: { defaultMode?: number } = {}) => ({
    projected: { ...(defaultMode === undefined ? {} : { defaultMode }), sources: [{ [kind]: { name, ...more } }] },
  });

const raw = Buffer.from([0xde, 0xca, 0xfe, 0xba, 0xd0, 0xfe, 0xff]).toString('base64');
const both = (name: string, data: Readonly<Record<string, string>>, binaryData: object = {}) => [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data, binaryData },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: data, data: binaryData },
];

const colorAt = (path: string, mode?: number) => ({
  items: [{ key: 'color', path, ...(mode === undefined ? {} : { mode }) }],
});
const tells = (...folders: string[]) =>
  `for f in ${folders.join(' ')}; do echo "$(cat $f/color) $(stat -L -c %a $f/color)"; done`;

/** In one pod what Kubernetes tests in one pod each: keys, modes, paths, two volumes of one source, users. */
const everyWay = (field: string, source: Source): FieldCase => {
  const name = `every-${field.includes('projected') ? 'projected' : 'plain'}-${field.includes('secret') ? 's' : 'c'}`;
  const volumes = {
    plain: source(name),
    second: source(name),
    strict: source(name, { defaultMode: 0o400 }),
    mapped: source(name, colorAt('path/to/color')),
    moded: source(name, colorAt('path/to/color', 0o400)),
  };
  const mounts = Object.keys(volumes).map((volume) => ({ name: volume, mountPath: `/${volume}` }));
  const container = (own: string, script: string, more: object = {}) => ({
    name: own,
    image: BUSYBOX,
    command: ['sh', '-c', script],
    volumeMounts: mounts,
    ...more,
  });
  const raws = `hexdump -e '7/1 "%02x" "\\n"' /plain/raw`;
  return {
    field,
    objects: both(name, { color: 'blue' }, { raw }),
    spec: {
      restartPolicy: 'Never',
      volumes: Object.entries(volumes).map(([volume, kind]) => ({ name: volume, ...kind })),
      containers: [
        container('main', `${tells('/plain', '/second', '/strict', '/mapped/path/to', '/moded/path/to')}; ${raws}`),
        container(
          'user',
          `id -u; ${tells('/plain', '/mapped/path/to')}; cat /strict/color 2>/dev/null || echo refused`,
          {
            securityContext: { runAsUser: 1000 },
          },
        ),
      ],
    },
    shows: async (pod) => {
      const lines = ['blue 644', 'blue 644', 'blue 400', 'blue 644', 'blue 400', 'decafebad0feff'];
      expect((await pod.log()).split('\n')).toEqual(lines);
      expect(await pod.log('user')).toBe('1000\nblue 644\nblue 644\nrefused');
    },
  };
};

const KINDS = { cm: configMap, secret, pcm: projected('configMap'), psecret: projected('secret') };
const LIVE = ['updated', 'deleted', 'created'];

/** ConfigMaps and Secrets as files. */
export const configurationCases: readonly FieldCase[] = [
  everyWay('spec.volumes.configMap (in every way)', configMap),
  everyWay('spec.volumes.secret (in every way)', secret),
  everyWay('spec.volumes.projected.sources.configMap (in every way)', projected('configMap')),
  everyWay('spec.volumes.projected.sources.secret (in every way)', projected('secret')),
  {
    field: 'spec.volumes.secret (read by a user through fsGroup)',
    objects: both('by-group', { color: 'blue' }),
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsUser: 1000, fsGroup: 1001 },
      volumes: [
        { name: 'plain', ...secret('by-group', { defaultMode: 0o440 }) },
        { name: 'projected', ...projected('secret')('by-group', { defaultMode: 0o440 }) },
      ],
      containers: [
        {
          ...busybox(tells('/plain', '/projected')),
          volumeMounts: ['plain', 'projected'].map((name) => ({ name, mountPath: `/${name}` })),
        },
      ],
    },
    shows: async (pod) => expect(await pod.log()).toBe('blue 440\nblue 440'),
  },
  {
    field: 'spec.volumes (changed, deleted and made while they are mounted)',
    until: 'Running',
    objects: [...both('live-updated', { key: 'old' }), ...both('live-deleted', { key: 'old' })],
    spec: {
      volumes: Object.entries(KINDS).flatMap(([kind, source]) =>
        LIVE.map((what) => ({ name: `${kind}-${what}`, ...source(`live-${what}`, { optional: true }) })),
      ),
      containers: [
        busybox(STAY, {
          volumeMounts: Object.keys(KINDS).flatMap((kind) =>
            LIVE.map((what) => ({ name: `${kind}-${what}`, mountPath: `/${kind}/${what}` })),
          ),
        }),
      ],
    },
    shows: async (pod) => {
      const each = 'echo $(cat $kind/updated/key) $(cat $kind/deleted/key) $(cat $kind/created/key)';
      const look = `for kind in ${Object.keys(KINDS).join(' ')}; do ${each}; done 2>/dev/null`;
      const inside = () => pod.kubectl.run(['exec', pod.name, '--', 'sh', '-c', look]);
      expect(await inside()).toBe('old old\n'.repeat(4));
      await pod.kubectl.apply(...both('live-updated', { key: 'new' }), ...both('live-created', { key: 'made' }));
      await pod.kubectl.run('delete configmap/live-deleted secret/live-deleted');
      const changed = async () => ((await inside()) === 'new made\n'.repeat(4) ? true : undefined);
      await eventually('all volumes have changed', changed, 5000);
    },
  },
  {
    field: 'spec.volumes.secret (one of the same name in another namespace)',
    until: 'Pending',
    spec: {
      restartPolicy: 'Never',
      volumes: [{ name: 'v', ...secret('same-name') }],
      containers: [{ ...busybox(tells('/v')), volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    },
    shows: async (pod) => {
      const [, other] = both('same-name', { color: 'green' });
      const [, own] = both('same-name', { color: 'blue' });
      await pod.kubectl.in('default').apply(other!);
      await pod.untilEvent('FailedMount: MountVolume.SetUp failed for volume "v" : secret "same-name" not found');
      await pod.kubectl.apply(own!);
      await pod.until('has run', ({ status }) => status?.phase === 'Succeeded');
      expect(await pod.log()).toBe('blue 644');
    },
  },
  {
    field: 'spec.volumes.configMap (fifty of them)',
    objects: Array.from({ length: 50 }, (_, index) => both(`many-${index}`, { color: `${index}` })[0]!),
    spec: {
      restartPolicy: 'Never',
      volumes: Array.from({ length: 50 }, (_, index) => ({ name: `v${index}`, ...configMap(`many-${index}`) })),
      containers: [
        {
          ...busybox('cat /many/*/color | wc -c'),
          volumeMounts: Array.from({ length: 50 }, (_, index) => ({ name: `v${index}`, mountPath: `/many/${index}` })),
        },
      ],
    },
    shows: async (pod) => expect(await pod.log()).toBe('90'),
  },
  {
    field: 'spec.containers.volumeMounts.subPath (of files that are written for the pod)',
    objects: both('parts', { color: 'blue' }),
    metadata: { labels: { line: 'four' } },
    spec: {
      restartPolicy: 'Never',
      volumes: [
        { name: 'cm', ...configMap('parts') },
        { name: 'secret', ...secret('parts') },
        { name: 'joined', ...projected('configMap')('parts') },
        {
          name: 'own',
          downwardAPI: { items: [{ path: 'sub/line', fieldRef: { fieldPath: "metadata.labels['line']" } }] },
        },
      ],
      containers: [
        {
          ...busybox('echo $(cat /cm /secret /joined /own/line /etc/passwd)'),
          volumeMounts: [
            { name: 'cm', mountPath: '/cm', subPath: 'color' },
            { name: 'cm', mountPath: '/etc/passwd', subPath: 'color' },
            { name: 'secret', mountPath: '/secret', subPath: 'color' },
            { name: 'joined', mountPath: '/joined', subPath: 'color' },
            { name: 'own', mountPath: '/own', subPath: 'sub' },
          ],
        },
      ],
    },
    shows: async (pod) => expect(await pod.log()).toBe('blueblueblue' + 'four' + 'blue'),
  },
];
