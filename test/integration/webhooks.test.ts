import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engines } from './engines.ts';
import { busybox, deployment, pod } from './pods.ts';
import { foreignServerCertificate, type ForeignCertificate } from './foreign-certificate.ts';
import { useK2d } from './use-k2d.ts';
import { webhookConfiguration, webhookRule, webhookServer } from './webhook-server.ts';

const map = (name: string, color?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(color === undefined ? {} : { labels: { color } }) },
});

/** Two versions of one resource. */
const paints = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'paints.acme.io' },
  spec: {
    group: 'acme.io',
    scope: 'Namespaced',
    names: { plural: 'paints', singular: 'paint', kind: 'Paint' },
    versions: ['v1', 'v1alpha1'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { gloss: { type: 'integer' } } } },
        },
      },
    })),
  },
};
const paint = (name: string, color: string) => ({
  apiVersion: 'acme.io/v1',
  kind: 'Paint',
  metadata: { name, labels: { color } },
  spec: { gloss: 3 },
});

const OUT_OF_STOCK = 'admission webhook "color.acme.io" denied the request: green is out of stock';

describe.each(engines)('webhooks in a pod on $kind', (engine) => {
  const k2d = useK2d(engine, 'webhooks');
  let kubectl: Kubectl;
  let certificate: ForeignCertificate;
  const at = (path: string, caBundle = certificate.authority) => ({
    service: { namespace: 'judges', name: 'judge', path },
    caBundle: Buffer.from(caBundle).toString('base64'),
  });
  const judges = () => kubectl.in('judges');
  /** What the server was asked about an object of the name, which it writes down when it answers. */
  const asked = (name: string, times = 1) =>
    eventually(`${name} was asked about`, async () => {
      const lines = (await judges().run('logs deployment/judge'))
        .split('\n')
        .filter((line) => line.includes(`/${name} `));
      return lines.length >= times ? lines : undefined;
    });
  const untilServed = (by: RegExp) =>
    judges().until('get endpoints judge -o jsonpath={.subsets[*].addresses[*].ip}', by);
  const create = (...objects: object[]) => kubectl.attempt('create -f -', { input: objects });
  const validating = (name: string, path: string, fields?: object) =>
    kubectl.apply(webhookConfiguration('Validating', name, at(path), fields));
  const mutating = (name: string, path: string, fields?: object) =>
    kubectl.apply(webhookConfiguration('Mutating', name, at(path), fields));

  beforeAll(async () => {
    certificate = await foreignServerCertificate('judge.judges.svc');
    const inJudges = await k2d.namespace('judges');
    kubectl = await k2d.namespace('plant');
    await inJudges.apply(...webhookServer('judge', certificate));
    await inJudges.run('rollout status deployment/judge --timeout=100s');
    await untilServed(/./);
  });
  afterEach(() => kubectl.run('delete validatingwebhookconfigurations,mutatingwebhookconfigurations --all'));

  describe('a validating one', () => {
    it('refuses an object in its own words, and warns of another', async () => {
      await validating('color', '/judge');
      expect(await create(map('grass', 'green'))).toMatchObject({
        code: 1,
        stderr: `Error from server (Forbidden): error when creating "STDIN": ${OUT_OF_STOCK}\n`,
      });
      expect(await create(map('sky', 'blue'))).toEqual({
        code: 0,
        stdout: 'configmap/sky created\n',
        stderr: 'Warning: paint dries slowly\n',
      });
      expect((await kubectl.attempt('label configmap sky color=green --overwrite')).stderr).toContain(OUT_OF_STOCK);
      expect((await kubectl.attempt('get configmap grass')).stderr).toContain('not found');
      expect(await asked('sky', 2)).toEqual([
        '/judge?timeout=10s CREATE v1 ConfigMap plant/sky dryRun=false v1',
        '/judge?timeout=10s UPDATE v1 ConfigMap plant/sky dryRun=false v1',
      ]);
    });

    it('refuses in a dry run too, and is told that it is one', async () => {
      await validating('color', '/judge');
      const dry = await kubectl.attempt('create --dry-run=server -f -', { input: [map('moss', 'green')] });
      expect(dry.stderr).toContain(OUT_OF_STOCK);
      expect(await asked('moss')).toEqual(['/judge?timeout=10s CREATE v1 ConfigMap plant/moss dryRun=true v1']);
    });

    it('keeps an object from being deleted', async () => {
      await kubectl.apply(map('needed'));
      await validating('keep', '/keep', { rules: [webhookRule('', ['*'], ['*'], ['DELETE'])] });
      expect((await kubectl.attempt('delete configmap needed')).stderr).toBe(
        'Error from server: admission webhook "keep.acme.io" denied the request: it is still needed\n',
      );
    });

    it('is asked about subresources', async () => {
      await kubectl.apply(deployment('scaled', { containers: [busybox('')] }, { replicas: 0 }));
      await validating('scale', '/scale', { rules: [webhookRule('apps', ['v1'], ['deployments/scale'])] });
      const { stderr } = await kubectl.attempt('scale deployment scaled --replicas=3');
      expect(stderr).toContain('admission webhook "scale.acme.io" denied the request: two are enough');
      expect(await kubectl.run('get deployment scaled -o jsonpath={.spec.replicas}')).toBe('0');
    });

    it('keeps a Deployment from its pods', async () => {
      const rules = [webhookRule('', ['v1'], ['pods'], ['CREATE'])];
      await validating('color', '/judge', { rules, objectSelector: { matchLabels: { color: 'green' } } });
      const template = { metadata: { labels: { app: 'leaf', color: 'green' } }, spec: { containers: [busybox('')] } };
      await kubectl.apply(deployment('leaf', {}, { template }));
      const message = await eventually('the Deployment tells of its failure', async () => {
        const path = '{.status.conditions[?(@.type=="ReplicaFailure")].message}';
        return (await kubectl.run(['get', 'deployment', 'leaf', '-o', `jsonpath=${path}`])) || undefined;
      });
      expect(message).toBe(OUT_OF_STOCK);
      await kubectl.run('delete deployment leaf');
    });
  });

  describe('a mutating one', () => {
    it('changes an object before it is stored', async () => {
      await mutating('paint', '/paint');
      await kubectl.apply(map('bare'));
      expect(await kubectl.run('get configmap bare -o jsonpath={.metadata.labels}')).toBe('{"painted":"yes"}');
      expect(await kubectl.apply(map('bare'))).toBe('configmap/bare unchanged\n');
    });

    it('gives a pod what its program then finds', async () => {
      await mutating('equip', '/equip', { rules: [webhookRule('', ['v1'], ['pods'], ['CREATE'])] });
      await kubectl.apply(pod('painter', { restartPolicy: 'Never', containers: [busybox('echo tool: $TOOL')] }));
      await kubectl.run('wait pod/painter --for=jsonpath={.status.phase}=Succeeded --timeout=100s');
      expect(await kubectl.run('logs painter')).toBe('tool: brush\n');
      await kubectl.run('delete pod painter');
    });
  });

  describe('chooses what it is asked about', () => {
    it('by the labels of namespaces', async () => {
      await validating('color', '/judge', { namespaceSelector: { matchLabels: { judged: 'yes' } } });
      expect((await create(map('free', 'green'))).code).toBe(0);
      await kubectl.run('label namespace plant judged=yes');
      expect((await create(map('bound', 'green'))).stderr).toContain(OUT_OF_STOCK);
      await kubectl.run('label namespace plant judged-');
      expect((await create(map('bound', 'green'))).code).toBe(0);
    });

    it('by the labels of objects', async () => {
      await validating('color', '/judge', {
        objectSelector: { matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] },
      });
      const exempt = map('exempt', 'green');
      expect(
        (await create({ ...exempt, metadata: { ...exempt.metadata, labels: { color: 'green', exempt: '' } } })).code,
      ).toBe(0);
      expect((await create(map('other', 'green'))).stderr).toContain(OUT_OF_STOCK);
    });
  });

  describe('on custom resources', () => {
    beforeAll(async () => {
      await kubectl.apply(paints);
      await kubectl.run('wait --for=condition=Established crd/paints.acme.io --timeout=100s');
    });

    it('sees the version that its rule names, unless it wants its rule taken exactly', async () => {
      await validating('color', '/judge', { rules: [webhookRule('acme.io', ['v1alpha1'], ['paints'])] });
      expect((await create(paint('lawn', 'green'))).stderr).toContain(OUT_OF_STOCK);
      expect((await create(paint('sea', 'blue'))).code).toBe(0);
      expect(await asked('sea')).toEqual([
        '/judge?timeout=10s CREATE v1alpha1 Paint plant/sea dryRun=false acme.io/v1alpha1',
      ]);
      await validating('color', '/judge', {
        rules: [webhookRule('acme.io', ['v1alpha1'], ['paints'])],
        matchPolicy: 'Exact',
      });
      expect((await create(paint('lawn', 'green'))).code).toBe(0);
    });

    it('changes them', async () => {
      await mutating('paint', '/paint', { rules: [webhookRule('acme.io', ['v1alpha1'], ['paints'])] });
      await kubectl.apply(paint('wall', 'white'));
      const wall = JSON.parse(await kubectl.run('get paint wall -o json')) as Record<string, unknown>;
      expect(wall).toMatchObject({
        apiVersion: 'acme.io/v1',
        metadata: { labels: { color: 'white', painted: 'yes' } },
        spec: { gloss: 3 },
      });
    });

    it('of a project as it publishes its definition', async () => {
      const path = join(import.meta.dirname, '../published/cert-manager-v1.19.1-certificates.yaml');
      await kubectl.run('apply -f -', { input: await readFile(path, 'utf8') });
      await kubectl.run('wait --for=condition=Established crd/certificates.cert-manager.io --timeout=100s');
      await validating('color', '/judge', { rules: [webhookRule('cert-manager.io', ['v1'], ['certificates'])] });
      const spec = { secretName: 'web', issuerRef: { name: 'plant' } };
      const certificates = {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: map('web', 'green').metadata,
        spec,
      };
      expect((await create(certificates)).stderr).toContain(OUT_OF_STOCK);
    });
  });

  describe('that cannot be asked', () => {
    const cannot = (name: string, why: string) =>
      `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "${name}.acme.io": failed to call webhook: Post "https://judge.judges.svc:443${why}\n`;

    it('in time: the write fails, or goes on without it', async () => {
      await validating('slow', '/never', { timeoutSeconds: 1 });
      expect((await create(map('late'))).stderr).toBe(cannot('slow', '/never?timeout=1s": context deadline exceeded'));
      await validating('slow', '/never', { timeoutSeconds: 1, failurePolicy: 'Ignore' });
      expect((await create(map('late'))).code).toBe(0);
    });

    it('because it is not who it should be', async () => {
      const { authority } = await foreignServerCertificate('judge.judges.svc');
      await kubectl.apply(webhookConfiguration('Validating', 'stranger', at('/judge', authority)));
      expect((await create(map('strange'))).stderr).toBe(
        cannot(
          'stranger',
          '/judge?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
        ),
      );
    });

    it('because its pod is gone: likewise, and it can still be taken away', async () => {
      await judges().run('scale deployment judge --replicas=0');
      await judges().run('wait --for=delete pod -l app=judge --timeout=100s');
      await untilServed(/^$/);
      await validating('color', '/judge');
      expect((await create(map('orphan'))).stderr).toBe(
        cannot('color', '/judge?timeout=10s": no endpoints available for service "judge"'),
      );
      expect((await kubectl.attempt('create --dry-run=server -f -', { input: [map('orphan')] })).code).toBe(1);
      await validating('color', '/judge', { failurePolicy: 'Ignore' });
      expect((await create(map('orphan', 'green'))).code).toBe(0);
      await judges().run('scale deployment judge --replicas=1');
      await judges().run('rollout status deployment/judge --timeout=100s');
      await untilServed(/./);
    });

    it('because k2d has just been started: it finds the pod again, though it wants to be asked about everything', async () => {
      await validating('color', '/judge', { rules: [webhookRule('*', ['*'], ['*/*'], ['*'])] });
      await k2d.stop();
      await k2d.start();
      await eventually('the webhook is asked again', async () =>
        (await create(map('after', 'green'))).stderr.includes(OUT_OF_STOCK) ? true : undefined,
      );
      expect((await create(map('after', 'blue'))).code).toBe(0);
      await judges().run('wait --for=condition=Ready pod -l app=judge --timeout=100s');
      expect(await judges().run('get pods -o jsonpath={.items[*].status.containerStatuses[*].restartCount}')).toBe('0');
    });
  });
});
