import { expect } from 'vitest';
import { eventually } from '../../conformance/runtime/eventually.ts';
import { BUSYBOX, busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import type { SeenPod } from './seen-pod.ts';

type Fields = { mounts?: readonly object[]; volumes: readonly object[]; container?: object; spec?: object };

/** Runs the script beside its volumes; a volume `v` is mounted at /v unless told otherwise. */
const runs = (script: string, { mounts = [{ name: 'v', mountPath: '/v' }], volumes, container, spec }: Fields) => ({
  restartPolicy: 'Never',
  volumes,
  ...spec,
  containers: [{ name: 'main', image: BUSYBOX, command: ['sh', '-c', script], volumeMounts: mounts, ...container }],
});

const stays = (fields: Fields) => {
  const { containers, ...spec } = runs('', fields);
  return { ...spec, containers: [{ ...containers[0], ...busybox(STAY) }] };
};

const configMap = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const secret = (name: string, stringData: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData,
});

const inside = (pod: SeenPod, script: string): Promise<string> =>
  pod.kubectl.run(['exec', pod.name, '-c', 'main', '--', 'sh', '-c', script]).then((text) => text.trimEnd());

/** Live updates have 5 s; what is not there yet cannot be read. */
const shortly = (pod: SeenPod, script: string, expected: string): Promise<string> =>
  eventually(
    `${pod.name} shows ${expected}`,
    async () => {
      const seen = await inside(pod, script).catch(() => undefined);
      return seen === expected ? expected : undefined;
    },
    5000,
  );

const settings = (name: string) => configMap(name, { color: 'blue', size: 'XL' });
const keys = (name: string) => secret(name, { password: 'hush' });
const nobody = { runAsUser: 1000, runAsGroup: 1000 };
const perms = (path: string) => `stat -L -c '%a %u %g' ${path}`;

const everyFile = (name: string, volume: object): Omit<FieldCase, 'shows'> => ({
  field: `spec.volumes.${name}`,
  spec: runs(`cd /v; for f in *; do echo "$f=$(cat $f)"; done; ${perms('/v/*')}`, {
    volumes: [{ name: 'v', ...volume }],
  }),
});

/** What files a container finds, whose they are, and what becomes of them. */
export const volumeCases: readonly FieldCase[] = [
  {
    ...everyFile('configMap', { configMap: { name: 'vol-every' } }),
    objects: [settings('vol-every')],
    shows: async (pod) => expect(await pod.log()).toBe('color=blue\nsize=XL\n644 0 0\n644 0 0'),
  },
  {
    ...everyFile('secret (with defaultMode)', { secret: { secretName: 'vol-every', defaultMode: 0o400 } }),
    objects: [keys('vol-every')],
    shows: async (pod) => expect(await pod.log()).toBe('password=hush\n400 0 0'),
  },
  {
    field: 'spec.volumes.configMap.items',
    objects: [settings('vol-a')],
    spec: runs(`cat /v/deep/er; ${perms('/v/deep/er')}; ls /v`, {
      volumes: [{ name: 'v', configMap: { name: 'vol-a', items: [{ key: 'color', path: 'deep/er', mode: 0o440 }] } }],
    }),
    shows: async (pod) => expect(await pod.log()).toBe('blue440 0 0\ndeep'),
  },
  {
    field: 'spec.volumes.configMap (read by a user other than root)',
    objects: [settings('vol-b')],
    spec: runs('id -u; cat /v/color; echo; echo x 2>&1 >/v/color || true', {
      volumes: [{ name: 'v', configMap: { name: 'vol-b' } }],
      container: { securityContext: nobody },
    }),
    shows: async (pod) => expect(await pod.log()).toMatch(/^1000\nblue\n.*Read-only file system/),
  },
  {
    field: 'spec.volumes.downwardAPI',
    metadata: { labels: { line: 'four' }, annotations: { site: 'north' } },
    spec: runs('cd /v; for f in name labels cpu; do echo "$(cat $f)"; done; stat -L -c %a name cpu', {
      volumes: [
        {
          name: 'v',
          downwardAPI: {
            defaultMode: 0o400,
            items: [
              { path: 'name', fieldRef: { fieldPath: 'metadata.name' } },
              { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
              {
                path: 'cpu',
                mode: 0o444,
                resourceFieldRef: { containerName: 'main', resource: 'limits.cpu', divisor: '1m' },
              },
            ],
          },
        },
      ],
      container: { resources: { limits: { cpu: '250m' } } },
    }),
    shows: async (pod) => expect(await pod.log()).toBe('volumes-downward-api\nline="four"\n250\n400\n444'),
  },
  {
    field: 'spec.volumes.projected',
    objects: [settings('vol-c'), keys('vol-c')],
    spec: runs('cd /v; cat color password own; echo; wc -c <token; ls', {
      volumes: [
        {
          name: 'v',
          projected: {
            sources: [
              { configMap: { name: 'vol-c' } },
              { secret: { name: 'vol-c', items: [{ key: 'password', path: 'password' }] } },
              { downwardAPI: { items: [{ path: 'own', fieldRef: { fieldPath: 'metadata.name' } }] } },
              { serviceAccountToken: { path: 'token', expirationSeconds: 600, audience: 'plant' } },
            ],
          },
        },
      ],
    }),
    shows: async (pod) =>
      expect(await pod.log()).toMatch(/^bluehushvolumes-projected\n\d{3,}\ncolor\nown\npassword\nsize\ntoken$/),
  },
  {
    field: 'spec.volumes.projected.sources.clusterTrustBundle',
    until: 'Pending',
    spec: runs('true', {
      volumes: [{ name: 'v', projected: { sources: [{ clusterTrustBundle: { name: 'none', path: 'ca' } }] } }],
    }),
    shows: async (pod) => {
      const refusal = 'projected sources of the kind clusterTrustBundle are not supported';
      await pod.untilEvent(`FailedMount: MountVolume.SetUp failed for volume "v" : ${refusal}`);
    },
  },
  {
    field: 'spec.securityContext.fsGroup',
    objects: [settings('vol-d'), keys('vol-d')],
    spec: runs(
      [
        'id -G',
        perms('/disk /memory /files/color /secret/password /token/token'),
        'cat /files/color /secret/password; wc -c </token/token',
        'touch /disk/a /memory/a; stat -c %g /disk/a /memory/a',
      ].join('; '),
      {
        mounts: ['disk', 'memory', 'files', 'secret', 'token'].map((name) => ({ name, mountPath: `/${name}` })),
        volumes: [
          { name: 'disk', emptyDir: {} },
          { name: 'memory', emptyDir: { medium: 'Memory' } },
          { name: 'files', configMap: { name: 'vol-d' } },
          { name: 'secret', secret: { secretName: 'vol-d', defaultMode: 0o400 } },
          { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
        ],
        spec: { securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2345 } },
      },
    ),
    shows: async (pod) => {
      const lines = (await pod.log()).split('\n');
      expect(lines[0]?.split(' ')).toContain('2345');
      expect(lines.slice(1, 6)).toEqual(['2777 0 2345', '3777 0 2345', '644 0 2345', '440 0 2345', '640 1000 2345']);
      expect(lines[6]).toMatch(/^bluehush\d+$/);
      expect(lines.slice(7)).toEqual(['2345', '2345']);
    },
  },
  {
    field: 'spec.securityContext.fsGroup (of a claim)',
    objects: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'vol-claim' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
      },
    ],
    spec: {
      ...runs(`${perms('/v')}; echo new >/v/old && cat /v/old`, {
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'vol-claim' } }],
        spec: { securityContext: { fsGroup: 3456, fsGroupChangePolicy: 'OnRootMismatch' } },
        container: { securityContext: nobody },
      }),
    },
    shows: async (pod) => expect((await pod.log()).split('\n')[0]).toBe('2777 0 3456'),
  },
  {
    field: 'spec.containers.volumeMounts.readOnly',
    spec: runs('echo x >/v/x || echo refused; echo y >/w/y && cat /v/y', {
      mounts: [
        { name: 'v', mountPath: '/v', readOnly: true },
        { name: 'v', mountPath: '/w' },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
    shows: async (pod) => expect((await pod.log()).split('\n')).toEqual(expect.arrayContaining(['refused', 'y'])),
  },
  {
    field: 'spec.containers.volumeMounts.subPath',
    objects: [settings('vol-e')],
    spec: runs('echo in >/part/file; cat /whole/a/b/file; stat -c %a /part; cat /etc/color', {
      mounts: [
        { name: 'v', mountPath: '/part', subPath: 'a/b' },
        { name: 'v', mountPath: '/whole' },
        { name: 'files', mountPath: '/etc/color', subPath: 'color' },
      ],
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'files', configMap: { name: 'vol-e' } },
      ],
    }),
    shows: async (pod) => expect(await pod.log()).toBe('in\n777\nblue'),
  },
  {
    field: 'spec.containers.volumeMounts.subPath (in memory)',
    spec: runs('cat /a/file; ls /b; grep -c "^tmpfs /[ab] " /proc/mounts', {
      mounts: [
        { name: 'v', mountPath: '/a', subPath: 'a' },
        { name: 'v', mountPath: '/b', subPath: 'b' },
      ],
      volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }],
      spec: {
        initContainers: [
          {
            ...busybox('echo kept >/x/file; sleep 600', { name: 'writer', restartPolicy: 'Always' }),
            volumeMounts: [{ name: 'v', mountPath: '/x', subPath: 'a' }],
            startupProbe: { exec: { command: ['test', '-s', '/x/file'] }, periodSeconds: 1 },
          },
        ],
      },
    }),
    shows: async (pod) => expect(await pod.log()).toBe('kept\n2'),
  },
  {
    field: 'spec.containers.volumeMounts.subPath (leading out)',
    until: 'Pending',
    spec: {
      ...runs('ls /v', {
        mounts: [{ name: 'v', mountPath: '/v', subPath: 'out/pki' }],
        volumes: [{ name: 'v', emptyDir: {} }],
        spec: {
          initContainers: [
            {
              ...busybox('ln -s ../../../.. /v/out', { name: 'attacker' }),
              volumeMounts: [{ name: 'v', mountPath: '/v' }],
            },
          ],
        },
      }),
    },
    shows: async (pod) => {
      const waiting = await pod.until(
        'is refused',
        ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
      );
      expect(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(
        'subPath "out/pki" leads out of its volume',
      );
    },
  },
  {
    field: 'spec.containers.volumeMounts.subPathExpr',
    spec: runs('echo mine >/part/file; cat /whole/*/file; ls /whole', {
      mounts: [
        { name: 'v', mountPath: '/part', subPathExpr: '$(POD_NAME)' },
        { name: 'v', mountPath: '/whole' },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
      container: { env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
    }),
    shows: async (pod) => expect(await pod.log()).toBe(`mine\n${pod.name}`),
  },
  ...[
    {
      field: 'spec.containers.volumeMounts.subPathExpr (absolute)',
      value: '/tmp',
      message: 'error SubPath `/tmp` must not be an absolute path',
    },
    {
      field: 'spec.containers.volumeMounts.subPathExpr (going up)',
      value: '..',
      message: "unable to provision SubPath `..`: must not contain '..'",
    },
  ].map(({ field, value, message }): FieldCase => ({
    field,
    until: 'Pending',
    spec: runs('true', {
      mounts: [{ name: 'v', mountPath: '/v', subPathExpr: '$(WHERE)' }],
      volumes: [{ name: 'v', emptyDir: {} }],
      container: { env: [{ name: 'WHERE', value }] },
    }),
    shows: async (pod) => {
      const waiting = await pod.until(
        'is refused',
        ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
      );
      expect(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(message);
    },
  })),
  {
    field: 'spec.containers.volumeMounts.subPathExpr (mended later)',
    until: 'Pending',
    spec: runs('ls /whole', {
      mounts: [
        { name: 'v', mountPath: '/v', subPathExpr: '$(WHERE)' },
        { name: 'v', mountPath: '/whole' },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
      container: {
        env: [{ name: 'WHERE', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['where']" } } }],
      },
    }),
    shows: async (pod) => {
      await pod.until(
        'is refused',
        ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.message === 'missing value for WHERE',
      );
      await pod.kubectl.run(`annotate pod ${pod.name} where=here`);
      await pod.until('has run', ({ status }) => status?.phase === 'Succeeded');
      expect(await pod.log()).toBe('here');
    },
  },
  {
    field: 'spec.volumes.emptyDir',
    spec: runs('stat -c %a /v; echo x >/v/x && cat /v/x', {
      volumes: [{ name: 'v', emptyDir: {} }],
      container: { securityContext: nobody },
    }),
    shows: async (pod) => expect(await pod.log()).toBe('777\nx'),
  },
  {
    field: 'spec.volumes.emptyDir.medium',
    spec: runs(
      'grep " /v " /proc/mounts | cut -d" " -f3; stat -c %a /v; head -c 3000000 /dev/zero >/v/x || echo full',
      {
        volumes: [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '2Mi' } }],
        container: { securityContext: nobody },
      },
    ),
    shows: async (pod) => expect(await pod.log()).toMatch(/^tmpfs\n1777\n[\s\S]*full/),
  },
  {
    field: 'spec.volumes.emptyDir.sizeLimit',
    until: 'Failed',
    spec: {
      volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }],
      containers: [
        {
          ...busybox(`head -c 3000000 /dev/urandom >/v/x; ${STAY}`),
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        },
      ],
    },
    shows: async (pod) =>
      expect((await pod.object()).status).toMatchObject({
        reason: 'Evicted',
        message: expect.stringContaining('Usage of EmptyDir volume "v" exceeds the limit "1Mi"'),
      }),
  },
  {
    field: 'spec.volumes.image',
    cannot: { docker: 'Docker mounts images from version 28 on' },
    spec: runs('ls /v/bin/busybox; touch /v/x || echo refused', {
      volumes: [{ name: 'v', image: { reference: 'docker.io/library/busybox:1.35', pullPolicy: 'IfNotPresent' } }],
    }),
    shows: async (pod) => expect(await pod.log()).toMatch(/^\/v\/bin\/busybox\n[\s\S]*refused/),
  },
  {
    field: 'spec.volumes.image.pullPolicy',
    until: 'Pending',
    cannot: { docker: 'Docker mounts images from version 28 on' },
    spec: runs('true', { volumes: [{ name: 'v', image: { reference: 'localhost:1/none:1', pullPolicy: 'Never' } }] }),
    shows: async (pod) => {
      await pod.until(
        'is refused',
        ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'ErrImageNeverPull',
      );
    },
  },
  {
    field: 'spec.containers.volumeMounts.recursiveReadOnly',
    until: 'Pending',
    spec: runs('true', {
      mounts: [{ name: 'v', mountPath: '/v', readOnly: true, recursiveReadOnly: 'Enabled' }],
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
    shows: async (pod) => {
      const refusal = 'Failed: Error: volume "v": recursive read-only mounts are not supported by the container engine';
      await pod.untilEvent(refusal);
    },
  },
  {
    field: 'spec.volumes.configMap (changed while it is mounted)',
    until: 'Running',
    objects: [configMap('vol-live', { one: '0', two: '0' })],
    metadata: { annotations: { site: 'north' } },
    spec: stays({
      mounts: [
        { name: 'v', mountPath: '/v' },
        { name: 'own', mountPath: '/own' },
        { name: 'later', mountPath: '/later' },
      ],
      volumes: [
        { name: 'v', configMap: { name: 'vol-live' } },
        { name: 'own', downwardAPI: { items: [{ path: 'all', fieldRef: { fieldPath: 'metadata.annotations' } }] } },
        { name: 'later', secret: { secretName: 'vol-optional', optional: true } },
      ],
    }),
    shows: async (pod) => {
      // Whoever opens the folder sees one state of it: both files are read from there, whatever happens meanwhile.
      const reader = `while [ ! -e /tmp/enough ]; do cd -P /v/..data && a=$(cat one 2>/dev/null) && b=$(cat two 2>/dev/null) && [ "$a" != "$b" ] && echo "mixed $a $b"; done; echo read`;
      const reading = inside(pod, reader);
      for (let round = 1; round <= 20; round += 1) {
        const data = JSON.stringify({ data: { one: String(round), two: String(round) } });
        await pod.kubectl.run(['patch', 'configmap', 'vol-live', '-p', data]);
      }
      await shortly(pod, 'cat /v/one /v/two', '2020');
      await inside(pod, 'touch /tmp/enough');
      expect(await reading).toBe('read');
      await pod.kubectl.run(`annotate --overwrite pod ${pod.name} site=south`);
      await shortly(pod, 'grep -o south /own/all', 'south');
      await pod.kubectl.run('create secret generic vol-optional --from-literal=key=value');
      await shortly(pod, 'cat /later/key', 'value');
      await pod.kubectl.run('delete secret vol-optional');
      await shortly(pod, 'ls /later', '');
    },
  },
  {
    field: 'spec.volumes.configMap (not there yet)',
    until: 'Pending',
    spec: runs('cat /v/key', { volumes: [{ name: 'v', configMap: { name: 'vol-missing' } }] }),
    shows: async (pod) => {
      const message = 'FailedMount: MountVolume.SetUp failed for volume "v" : configmap "vol-missing" not found';
      await pod.untilEvent(message);
      const { status } = await pod.object();
      expect(status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
      await pod.kubectl.run('create configmap vol-missing --from-literal=key=here');
      await pod.until('has run', (found) => found.status?.phase === 'Succeeded');
      expect(await pod.log()).toBe('here');
    },
  },
];
