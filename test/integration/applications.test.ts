import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { busybox, containerIds, deployment, pod, podRow, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { color: 'blue', 'app.conf': 'mode=fast\n' },
};

const credentials = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'credentials' },
  stringData: { PASSWORD: 's3cret' },
};

/** Two containers, one before them, and everything that a pod can be given. */
const application = deployment('app', {
  initContainers: [
    busybox('echo made before > /shared/index.html', {
      name: 'before',
      volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
    }),
  ],
  containers: [
    {
      ...busybox(''),
      name: 'web',
      command: ['sh', '-c'],
      args: [
        'echo "$1" $0; env; cat /etc/app/app.conf /etc/secret/PASSWORD; echo; exec httpd -f -p 8080 -h /shared',
        'arguments:',
        '$(GREETING)',
      ],
      env: [
        { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'color' } } },
        { name: 'GREETING', value: 'hello $(COLOR) $(UNKNOWN) $$(COLOR)' },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
      ],
      envFrom: [{ secretRef: { name: 'credentials' }, prefix: 'SECRET_' }],
      resources: { limits: { memory: '32Mi', cpu: '200m' } },
      volumeMounts: [
        { name: 'shared', mountPath: '/shared' },
        { name: 'settings', mountPath: '/etc/app' },
        { name: 'credentials', mountPath: '/etc/secret', readOnly: true },
      ],
    },
    busybox(`until wget -q -O - http://localhost:8080/; do sleep 0.2; done; ${STAY}`, { name: 'neighbour' }),
  ],
  volumes: [
    { name: 'shared', emptyDir: {} },
    { name: 'settings', configMap: { name: 'settings' } },
    { name: 'credentials', secret: { secretName: 'credentials', defaultMode: 0o400 } },
  ],
});

const never = (script: string, fields: object = {}) => ({
  restartPolicy: 'Never',
  containers: [busybox(script, fields)],
});

/** Fills its memory. */
const HOG = 'x=0123456789abcdef; while :; do x=$x$x; done';

const endings: readonly { name: string; spec: object; status: string }[] = [
  { name: 'completed', spec: never('echo bye'), status: 'Completed' },
  { name: 'failed', spec: never('exit 4'), status: 'Error' },
  { name: 'hungry', spec: never(HOG, { resources: { limits: { memory: '16Mi' } } }), status: 'OOMKilled' },
  { name: 'crashing', spec: { containers: [busybox('exit 3')] }, status: 'CrashLoopBackOff' },
  { name: 'no-image', spec: never('', { image: 'localhost/k2d-test/none:1' }), status: 'ImagePullBackOff' },
  {
    name: 'never-pulled',
    spec: never('', { image: 'localhost/k2d-test/none:1', imagePullPolicy: 'Never' }),
    status: 'ErrImageNeverPull',
  },
  {
    name: 'no-config',
    spec: never('', { envFrom: [{ configMapRef: { name: 'missing' } }] }),
    status: 'CreateContainerConfigError',
  },
  {
    name: 'init-fails',
    spec: { ...never(STAY), initContainers: [busybox('exit 5', { name: 'before' })] },
    status: 'Init:Error',
  },
];

describe.each(engines)('applications on $kind', (engine) => {
  const k2d = useK2d(engine, 'apps');
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await k2d.namespace('plant');
  });

  describe('a Deployment with all that a pod can be given', () => {
    beforeAll(async () => {
      await kubectl.apply(settings, credentials, application);
      await kubectl.run('rollout status deployment/app --timeout=100s');
    });

    it('gives arguments, environment and files', async () => {
      const words = await kubectl.until('logs deployment/app -c web', /^s3cret$/m);
      const name = (await podRows(kubectl, '-l app=app'))[0]!.name;
      expect(words.split('\n')).toEqual(
        expect.arrayContaining([
          'hello blue $(UNKNOWN) $(COLOR) arguments:',
          'SECRET_PASSWORD=s3cret',
          `POD=${name}`,
          `LIMIT=${32 << 20}`,
          'mode=fast',
          's3cret',
        ]),
      );
    });

    it('runs init containers first, shares volumes and localhost between containers', async () => {
      await eventually('the neighbour has heard the web server', async () =>
        (await kubectl.run('logs deployment/app -c neighbour')).includes('made before') ? true : undefined,
      );
      expect(await podRows(kubectl, '-l app=app')).toMatchObject([{ ready: '2/2', status: 'Running', restarts: 0 }]);
    });

    it('sets limits and file modes', async () => {
      const { web } = await containerIds(kubectl, (await podRows(kubectl, '-l app=app'))[0]!.name);
      const limits = await engineCli(engine, 'inspect', '-f', '{{.HostConfig.Memory}} {{.HostConfig.CpuQuota}}', web!);
      expect(limits).toBe(`${32 << 20} 20000`);
      expect(await engineCli(engine, 'exec', web!, 'stat', '-L', '-c', '%a', '/etc/secret/PASSWORD')).toBe('400');
    });

    it('shows running containers what changes in a ConfigMap', async () => {
      const { web } = await containerIds(kubectl, (await podRows(kubectl, '-l app=app'))[0]!.name);
      await kubectl.apply({ ...settings, data: { ...settings.data, 'app.conf': 'mode=slow\n' } });
      await eventually('the file has changed', async () =>
        (await engineCli(engine, 'exec', web!, 'cat', '/etc/app/app.conf')) === 'mode=slow' ? true : undefined,
      );
    });

    it('says what is unchanged, and leaves nothing behind when it is deleted', async () => {
      expect(await kubectl.apply(application)).toContain('deployment.apps/app unchanged');
      await kubectl.run('delete deployment app --wait');
      await kubectl.run('wait --for=delete pod -l app=app --timeout=100s');
      const label = `label=k2d.io/instance=${k2d.config.instance}`;
      await eventually('only k2d itself is left', async () => {
        const left = await engineCli(engine, 'ps', '-a', '--filter', label, '--format', '{{.Names}}');
        return left.split('\n').every((name) => name === k2d.config.instance) ? true : undefined;
      });
    });
  });

  describe('how pods end is shown as kubectl users know it', () => {
    beforeAll(() => kubectl.apply(...endings.map(({ name, spec }) => pod(name, spec))));

    it.each(endings)('$name: $status', async ({ name, status }) => {
      await podRow(kubectl, name, (row) => row.status === status);
    });

    it('a crashing container is started again, and each start is counted', async () => {
      const { restarts } = await podRow(kubectl, 'crashing', (row) => row.restarts >= 2);
      await kubectl.until('describe pod crashing', /Exit Code: +3\n[^]*BackOff/);
      // In pauses that grow: not even in the minutes that the cases before may take.
      expect(restarts).toBeLessThan(30);
    });

    it('what a pod wrote can be read when it has ended', async () => {
      expect(await kubectl.run('logs completed')).toBe('bye\n');
      await kubectl.until('get events --field-selector involvedObject.name=no-image', /ErrImagePull|Failed/);
    });
  });
});
