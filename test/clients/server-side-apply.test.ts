import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeOpenApi } from '../../scripts/generate/write-openapi.ts';
import { openApiTestBed, type ApiTestBed } from '../../src/api/api-test-bed.ts';
import { freePort } from '../conformance/runtime/published-port.ts';
import { helmBinary, kubectlVersions } from './kubectl-binary.ts';
import { Kubectl } from './kubectl.ts';

const run = promisify(execFile);

let folder: string;
let bed: ApiTestBed;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k2d-clients-'));
  const openApiDirectory = join(folder, 'openapi');
  await writeOpenApi(openApiDirectory);
  // The address in the kubeconfig is the one it listens on.
  bed = await openApiTestBed({ port: await freePort(), openApiDirectory });
});
afterAll(async () => {
  await bed.close();
  await rm(folder, { recursive: true, force: true });
});

const web = (replicas: number, labels: object = { tier: 'front' }) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'busybox:1.35', ports: [{ containerPort: 80 }] }] },
    },
  },
});

type Entry = { manager: string; operation: string; subresource?: string; fieldsV1: { 'f:spec'?: object } };

describe.each(kubectlVersions)('kubectl %s', (version) => {
  let kubectl: Kubectl;
  beforeAll(() => {
    kubectl = new Kubectl({
      kubeconfig: bed.kubeconfigPath,
      cacheDirectory: join(folder, `cache-${version}`),
      version,
    });
  });
  beforeEach(() => kubectl.run('delete deployment web --ignore-not-found'));

  const entries = async (): Promise<Entry[]> =>
    JSON.parse(await kubectl.run('get deployment web -o json --show-managed-fields')).metadata.managedFields ?? [];
  const owners = async () => (await entries()).map(({ manager, operation }) => `${manager} ${operation}`);
  const currentVersion = () => kubectl.run('get deployment web -o jsonpath={.metadata.resourceVersion}');

  it('applies, and again without a change', async () => {
    const input = [web(2)];
    expect(await kubectl.run('apply --server-side -f -', { input })).toBe('deployment.apps/web serverside-applied\n');
    const before = await currentVersion();
    await kubectl.run('apply --server-side -f -', { input });
    expect(await currentVersion()).toBe(before);
    expect(await owners()).toEqual(['kubectl Apply']);
    expect(await kubectl.run('get deployment web -o yaml')).not.toContain('managedFields');
  });

  it('shows the conflict, and takes the field by force', async () => {
    await kubectl.run('apply --server-side -f -', { input: [web(2)] });
    await kubectl.run('scale deployment web --replicas=3');
    const { code, stderr } = await kubectl.attempt('apply --server-side -f -', { input: [web(2)] });
    expect([code, stderr.split('\n', 1)[0]]).toEqual([
      1,
      'error: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    ]);
    await kubectl.run('apply --server-side --force-conflicts -f -', { input: [web(2)] });
    expect(await owners()).toEqual(['kubectl Apply']);
  });

  it('removes what is not applied any more', async () => {
    await kubectl.run('apply --server-side -f -', { input: [web(2)] });
    await kubectl.run('label deployment web mine=yes');
    await kubectl.run('apply --server-side -f -', { input: [web(2, {})] });
    expect(await kubectl.run('get deployment web -o jsonpath={.metadata.labels}')).toBe('{"mine":"yes"}');
  });

  it('goes over from applying on its own side', async () => {
    await kubectl.run('apply -f -', { input: [web(2)] });
    expect(await owners()).toEqual(['kubectl-client-side-apply Update']);
    const { stderr } = await kubectl.attempt('apply --server-side -f -', { input: [web(4, {})] });
    expect(stderr).toBe('');
    expect((await owners()).toSorted()).toEqual(['kubectl Apply', 'kubectl-last-applied Apply']);
    expect(await kubectl.run('get deployment web -o jsonpath={.spec.replicas}{.metadata.labels}')).toBe('4');
    await kubectl.run('apply -f -', { input: [web(5)] });
    expect(await kubectl.run('get deployment web -o jsonpath={.spec.replicas}')).toBe('5');
  });

  it('previews', async () => {
    await kubectl.run('apply --server-side -f -', { input: [web(2)] });
    const dry = 'apply --server-side --dry-run=server -o jsonpath={.spec.replicas} -f -';
    expect(await kubectl.run(dry, { input: [web(3)] })).toBe('3');
    expect(await kubectl.run('get deployment web -o jsonpath={.spec.replicas}')).toBe('2');
    const diff = await kubectl.attempt('diff --server-side -f -', { input: [web(3)] });
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/^-  replicas: 2$/m);
    expect(diff.stdout).toMatch(/^\+  replicas: 3$/m);
    expect((await kubectl.attempt('diff --server-side -f -', { input: [web(2)] })).code).toBe(0);
  });

  it('names its commands as owners', async () => {
    await kubectl.run('create -f -', { input: [web(1)] });
    await kubectl.run('set image deployment/web c=busybox:1.36');
    await kubectl.run('annotate deployment web note=x');
    await kubectl.run(['patch', 'deployment', 'web', '-p', '{"spec":{"minReadySeconds":1}}']);
    await kubectl.run('edit deployment web', { env: { EDITOR: 'sed -i s/minReadySeconds:.1/minReadySeconds:\\ 2/' } });
    expect((await owners()).toSorted()).toEqual([
      'kubectl-annotate Update',
      'kubectl-create Update',
      'kubectl-edit Update',
      'kubectl-set Update',
    ]);
  });

  it('refuses what the schema does not know', async () => {
    const config = { ...web(1), spec: { ...web(1).spec, foo: 1 } };
    const unchecked = await kubectl.attempt('apply --server-side --validate=false -f -', { input: [config] });
    expect([unchecked.code, unchecked.stderr]).toEqual([
      1,
      'Error from server (BadRequest): failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema\n',
    ]);
  });
});

it('helm 4 installs, upgrades, rolls back and removes a chart', async () => {
  const chart = join(folder, 'chart');
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: plant\nversion: 0.1.0\n');
  await writeFile(join(chart, 'values.yaml'), 'replicas: 1\n');
  const manifest = { ...web(1), metadata: { name: 'charted' } };
  await writeFile(
    join(chart, 'templates', 'web.yaml'),
    JSON.stringify(manifest).replace('"replicas":1', '"replicas":{{ .Values.replicas }}'),
  );
  const env = { ...process.env, KUBECONFIG: bed.kubeconfigPath, HOME: folder };
  const helm = (...words: string[]) => run(helmBinary('4'), words, { env, timeout: 120_000 });
  const kubectl = new Kubectl({ kubeconfig: bed.kubeconfigPath, cacheDirectory: join(folder, 'cache-helm') });
  const replicas = () => kubectl.run('get deployment charted -o jsonpath={.spec.replicas}');
  await helm('install', 'plant', chart);
  const shown = await kubectl.run('get deployment charted -o json --show-managed-fields');
  expect(JSON.parse(shown).metadata.managedFields).toMatchObject([{ manager: 'helm', operation: 'Apply' }]);
  await helm('upgrade', 'plant', chart, '--set', 'replicas=2');
  expect(await replicas()).toBe('2');
  await helm('rollback', 'plant', '1');
  expect(await replicas()).toBe('1');
  await helm('uninstall', 'plant');
  expect((await kubectl.attempt('get deployment charted')).stderr).toContain('not found');
});
