import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AdminCredentials, adminCredentials } from '../../scripts/deploy/admin-credentials.ts';
import { apiRequest } from '../clients/api-request.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engines } from './engines.ts';
import { useK2d } from './use-k2d.ts';

const published = (file: string) => readFile(join(import.meta.dirname, '../published', file), 'utf8');

const PROJECTS: [file: string, definition: string][] = [
  ['cert-manager-v1.19.1-certificates.yaml', 'certificates.cert-manager.io'],
  ['argo-cd-v3.1.0-applications.yaml', 'applications.argoproj.io'],
  ['prometheus-operator-v0.82.0-podmonitors.yaml', 'podmonitors.monitoring.coreos.com'],
];

const certificate = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'web', ...metadata },
  spec: { secretName: 'web-tls', issuerRef: { name: 'plant' }, dnsNames: ['web.example'], ...spec },
});

const application = (source: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'line' },
  spec: {
    project: 'plant',
    destination: { server: 'https://kubernetes.default.svc', namespace: 'plant' },
    source: { repoURL: 'https://git.example/line', path: '.', ...source },
  },
});

const podMonitor = (endpoint: object) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: { name: 'line' },
  spec: { selector: {}, podMetricsEndpoints: [endpoint] },
});

const toys = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'toys.acme.io' },
  spec: {
    group: 'acme.io',
    scope: 'Namespaced',
    names: { plural: 'toys', singular: 'toy', kind: 'Toy' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                description: 'How it is made.',
                properties: { size: { type: 'integer' }, color: { type: 'string', default: 'red' } },
              },
            },
          },
        },
        subresources: { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
        selectableFields: [{ jsonPath: '.spec.color' }],
      },
    ],
  },
};
const toy = (name: string, metadata: object = {}) => ({
  apiVersion: 'acme.io/v1',
  kind: 'Toy',
  metadata: { name, ...metadata },
});

describe.each(engines)('definitions of custom resources on $kind', (engine) => {
  const k2d = useK2d(engine, 'definitions');
  let kubectl: Kubectl;
  let admin: AdminCredentials;
  const get = async (path: string) => (await apiRequest(k2d.url, path, admin)).text;
  const json = async (words: string) => JSON.parse(await kubectl.run(`${words} -o json`)) as Record<string, object>;
  const attempt = (command: string, ...input: object[]) => kubectl.attempt(`${command} -f -`, { input });
  const established = (name: string) => kubectl.run(`wait --for=condition=Established crd/${name} --timeout=100s`);

  beforeAll(async () => {
    admin = await adminCredentials(k2d.config.kubeconfigPath);
    kubectl = await k2d.namespace('plant');
  });

  describe.each(PROJECTS)('%s', (file, definition) => {
    it('is accepted as it is published, and stays as it is', async () => {
      const input = await published(file);
      expect(await kubectl.run('apply -f -', { input })).toBe(
        `customresourcedefinition.apiextensions.k8s.io/${definition} created\n`,
      );
      await established(definition);
      expect(await kubectl.run('apply -f -', { input })).toContain('unchanged');
      expect(await kubectl.run('diff -f -', { input })).toBe('');
      expect(await kubectl.run('apply --server-side --force-conflicts -f -', { input })).toContain(
        'serverside-applied',
      );
    });
  });

  describe("cert-manager's Certificate", () => {
    beforeEach(() => kubectl.run('delete certificates --all'));

    it.each([
      [
        'of a wrong type',
        certificate({ privateKey: { size: 'big' } }),
        'The Certificate "web" is invalid: spec.privateKey.size: Invalid value: "string": spec.privateKey.size in body must be of type integer: "string"\n',
      ],
      [
        'without what is required',
        certificate({ secretName: undefined }),
        'The Certificate "web" is invalid: spec.secretName: Required value\n',
      ],
      [
        'with a word that is none of those',
        certificate({ privateKey: { algorithm: 'DSA' } }),
        'The Certificate "web" is invalid: spec.privateKey.algorithm: Unsupported value: "DSA": supported values: "RSA", "ECDSA", "Ed25519"\n',
      ],
      [
        'with an unknown field',
        certificate({ secretNam: 'x' }),
        'Error from server (BadRequest): error when creating "STDIN": Certificate in version "v1" cannot be handled as a Certificate: strict decoding error: unknown field "spec.secretNam"\n',
      ],
      [
        'wrong in several ways',
        certificate({ issuerRef: {}, usages: ['painting'] }),
        expect.stringMatching(
          /^The Certificate "web" is invalid: \n\* spec.(issuerRef.name|usages\[0\]): [^]*\n\* spec.(issuerRef.name|usages\[0\]): /,
        ),
      ],
    ])('is refused %s', async (_, object, stderr) => {
      expect(await attempt('create', object)).toEqual({ code: 1, stdout: '', stderr });
      expect(await kubectl.run('get certificates -o name')).toBe('');
    });

    it('loses what its schema does not know', async () => {
      const warned = await attempt(
        'create --validate=warn',
        certificate({ color: 'red', privateKey: { size: 256, color: 'red' } }),
      );
      expect(warned).toMatchObject({
        code: 0,
        stderr: 'Warning: unknown field "spec.color"\nWarning: unknown field "spec.privateKey.color"\n',
      });
      expect((await json('get certificate web'))['spec']).toEqual(certificate({ privateKey: { size: 256 } }).spec);
    });

    it('is listed with its columns, by every name that it has', async () => {
      await kubectl.apply(certificate());
      const words = async (command: string) =>
        (await kubectl.run(command))
          .trimEnd()
          .split('\n')
          .map((line) => line.trim().split(/\s{2,}|\s+/));
      expect((await words('get certificates'))[0]).toEqual(['NAME', 'READY', 'SECRET', 'AGE']);
      expect((await words('get cert web'))[1]).toEqual(['web', 'web-tls', expect.stringMatching(/^\d+s$/)]);
      expect((await words('get certs -o wide'))[0]).toEqual(['NAME', 'READY', 'SECRET', 'ISSUER', 'STATUS', 'AGE']);
      expect(await kubectl.run('get cert-manager -o name')).toBe('certificate.cert-manager.io/web\n');
      expect(await kubectl.at('1.30').run('get certificate.v1.cert-manager.io/web')).toContain('web-tls');
      expect(await kubectl.run('describe cert web')).toMatch(/Kind: +Certificate\n[^]*Secret Name: +web-tls\n/);
    });

    it.each(['1.30', '1.35'] as const)('is explained at depth by kubectl %s', async (version) => {
      const explain = (path: string) => kubectl.at(version).run(`explain ${path}`);
      expect(await explain('certificate')).toMatch(/GROUP: +cert-manager.io\nKIND: +Certificate\nVERSION: +v1\n/);
      expect(await explain('cert.spec.privateKey.algorithm')).toMatch(
        /FIELD: algorithm <string>\nENUM:\n +RSA\n +ECDSA\n +Ed25519\n/,
      );
      expect(await explain('cert.spec.keystores.pkcs12.passwordSecretRef')).toContain(
        '\n  name\t<string> -required-\n',
      );
      expect(await explain('cert.metadata.ownerReferences')).toContain('\n  uid\t<string> -required-\n');
      expect(await explain('cert.spec --recursive')).toMatch(/passwordSecretRef\t<Object>/);
    });

    it('is edited and patched, and its status apart', async () => {
      await kubectl.apply(certificate());
      const patch = (kind: string, body: unknown, ...flags: string[]) =>
        kubectl.attempt(['patch', 'cert', 'web', `--type=${kind}`, '-p', JSON.stringify(body), ...flags]);
      expect((await patch('merge', { spec: { duration: '24h' } })).code).toBe(0);
      expect((await patch('json', [{ op: 'add', path: '/spec/dnsNames/-', value: 'other.example' }])).code).toBe(0);
      expect((await patch('strategic', { spec: { duration: '1h' } })).stderr).toContain(
        'application/strategic-merge-patch+json is not supported by cert-manager.io/v1, Kind=Certificate',
      );
      await kubectl.run('edit cert web', { env: { EDITOR: 'sed -i s/24h/48h/' } });
      const condition = { type: 'Ready', status: 'True', message: 'all is well' };
      const status = { spec: { secretName: 'other' }, status: { conditions: [condition] } };
      expect((await patch('merge', status, '--subresource=status')).code).toBe(0);
      expect((await patch('merge', { status: { conditions: [] } })).stdout).toContain('(no change)');
      const unfit = await patch(
        'merge',
        { status: { conditions: [{ type: 'Ready', status: 'Maybe' }] } },
        '--subresource=status',
      );
      expect(unfit.stderr).toContain('status.conditions[0].status: Unsupported value: "Maybe"');
      expect(await json('get cert web')).toMatchObject({
        metadata: { generation: 4 },
        spec: { secretName: 'web-tls', duration: '48h', dnsNames: ['web.example', 'other.example'] },
        status: { conditions: [condition] },
      });
      await kubectl.run('wait cert web --for=condition=Ready --timeout=100s');
      expect(await kubectl.run('get cert web')).toMatch(/^web +True +web-tls/m);
      await kubectl.apply(certificate({ dnsNames: ['third.example'] }));
      expect(await json('get cert web')).toMatchObject({ spec: { duration: '48h', dnsNames: ['third.example'] } });
    });

    it('is applied by several, each with the fields that it owns', async () => {
      const apply = (manager: string, object: object, flags = '') =>
        attempt(`apply --server-side --field-manager=${manager} ${flags}`.trim(), object);
      expect((await apply('a', certificate())).code).toBe(0);
      const other = certificate({ secretName: 'other', duration: '24h' });
      expect((await apply('b', other)).stderr).toContain(
        'error: Apply failed with 1 conflict: conflict with "a": .spec.secretName\n',
      );
      expect((await apply('b', other, '--force-conflicts')).code).toBe(0);
      expect((await apply('b', certificate({ secretName: 'other' }))).code).toBe(0);
      expect((await json('get cert web'))['spec']).toEqual(certificate({ secretName: 'other' }).spec);
      expect((await apply('b', certificate({ privateKey: { size: 'big' } }), '--force-conflicts')).stderr).toContain(
        'spec.privateKey.size',
      );
    });

    it('counts in quotas, owns other objects, and outlives k2d', async () => {
      const hard = { 'count/certificates.cert-manager.io': '1' };
      await kubectl.apply({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'certificates' },
        spec: { hard },
      });
      await kubectl.apply(certificate());
      expect((await attempt('create', certificate({}, { name: 'second' }))).stderr).toContain(
        'exceeded quota: certificates, requested: count/certificates.cert-manager.io=1, used: count/certificates.cert-manager.io=1, limited: count/certificates.cert-manager.io=1',
      );
      await kubectl.run(
        'wait quota certificates --for=jsonpath={.status.used.count/certificates\\.cert-manager\\.io}=1 --timeout=100s',
      );
      const owner = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name: 'web' };
      const uid = await kubectl.run('get cert web -o jsonpath={.metadata.uid}');
      await kubectl.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'owned', ownerReferences: [{ ...owner, uid }] },
      });
      await kubectl.run([
        'patch',
        'cert',
        'web',
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"status":{"revision":7}}',
      ]);
      const before = await json('get cert web');
      await k2d.stop();
      await k2d.start();
      expect(await json('get cert web')).toEqual(before);
      expect((await attempt('create', certificate({}, { name: 'second' }))).stderr).toContain('exceeded quota');
      await kubectl.run('delete cert web');
      await kubectl.run('wait --for=delete configmap/owned --timeout=100s');
      await kubectl.run('delete quota certificates');
    });

    it('is for those who are allowed', async () => {
      await kubectl.run('create role issuer --verb=get,list --resource=certificates.cert-manager.io');
      await kubectl.run('create rolebinding issuer --role=issuer --user=me');
      expect((await kubectl.attempt('get certificates --as=me')).code).toBe(0);
      expect((await attempt('create --as=me', certificate())).stderr).toContain(
        'certificates.cert-manager.io is forbidden: User "me" cannot create resource "certificates" in API group "cert-manager.io" in the namespace "plant"',
      );
    });
  });

  describe("Argo CD's Application", () => {
    it('keeps what its schema leaves open, and shows its state', async () => {
      const valuesObject = { replicas: 2, nested: { list: [1, 'two', { three: null }] } };
      // Applying would take the null away in kubectl already.
      await attempt('create', application({ helm: { valuesObject } }));
      expect(await json('get application line')).toMatchObject({ spec: { source: { helm: { valuesObject } } } });
      const status = { sync: { status: 'Synced' }, health: { status: 'Healthy' } };
      const patch = ['patch', 'application', 'line', '--type=merge', '-p', JSON.stringify({ status })];
      expect((await kubectl.attempt([...patch, '--subresource=status'])).stderr).toBe(
        'Error from server (NotFound): applications.argoproj.io "line" not found\n',
      );
      await kubectl.run(patch);
      expect(await kubectl.run('get application line')).toMatch(
        /^NAME +SYNC STATUS +HEALTH STATUS\nline +Synced +Healthy\n$/,
      );
      expect(await kubectl.run('get app -o wide')).toMatch(
        /^NAME +SYNC STATUS +HEALTH STATUS +REVISION +PROJECT\nline +Synced +Healthy +plant\n$/,
      );
      expect(await kubectl.run('explain application.spec.syncPolicy.automated.prune')).toContain(
        'FIELD: prune <boolean>',
      );
      expect((await attempt('apply', application({ repoURL: 5 }))).stderr).toContain(
        'spec.source.repoURL: Invalid value: "integer": spec.source.repoURL in body must be of type string: "integer"',
      );
    });
  });

  describe("Prometheus operator's PodMonitor", () => {
    const relabel = (fields: object) => podMonitor({ port: 'web', relabelings: [fields] });

    it('is filled with defaults, takes numbers and names, and follows patterns', async () => {
      await kubectl.apply(relabel({ targetLabel: 'line', replacement: 'one' }));
      const spec = (await json('get podmonitor line'))['spec'];
      expect(spec).toMatchObject({
        podMetricsEndpoints: [{ relabelings: [{ action: 'replace', targetLabel: 'line' }] }],
      });
      // kubectl sends the list anew, for it lacks the default; nothing changes.
      const version = () => kubectl.run('get podmonitor line -o jsonpath={.metadata.resourceVersion}');
      const before = await version();
      await kubectl.apply(relabel({ targetLabel: 'line', replacement: 'one' }));
      expect(await version()).toBe(before);
      for (const targetPort of [80, 'web'])
        expect(await kubectl.apply(podMonitor({ targetPort }))).toContain('configured');
      expect((await attempt('apply', podMonitor({ targetPort: true }))).stderr).toContain(
        'spec.podMetricsEndpoints[0].targetPort: Invalid value: "boolean": spec.podMetricsEndpoints[0].targetPort in body must be of type integer,string: "boolean"',
      );
      expect((await attempt('apply', podMonitor({ interval: 'often' }))).stderr).toContain(
        'spec.podMetricsEndpoints[0].interval: Invalid value: "often": spec.podMetricsEndpoints[0].interval in body should match \'^(0|',
      );
    });
  });

  describe('come and go', () => {
    const described = async () => ({
      discovery: (await get('/apis/acme.io/v1')).includes('"toys"'),
      groups: (await get('/apis')).includes('"acme.io"'),
      openApi: (await get('/openapi/v3')).includes('apis/acme.io/v1'),
      schema: (await get('/openapi/v3/apis/acme.io/v1')).includes('How it is made.'),
    });
    const untilDescribed = (is: boolean) =>
      eventually(
        `the definition is ${is ? '' : 'not '}described`,
        async () => (Object.values(await described()).every((seen) => seen === is) ? true : undefined),
        1000,
      );

    it('is discovered and described within a second, and likewise forgotten with all of its objects', async () => {
      await kubectl.apply(toys);
      await untilDescribed(true);
      await kubectl.apply(toy('train'), toy('doll'));
      expect(await kubectl.run('get toys -o name')).toBe('toy.acme.io/doll\ntoy.acme.io/train\n');
      await kubectl.run('delete crd toys.acme.io');
      await untilDescribed(false);
      // kubectl remembers what it discovered, but looks again for this.
      expect(await kubectl.run('api-resources --api-group=acme.io -o name')).toBe('');
      expect((await kubectl.attempt('get toys')).stderr).toBe(
        'error: the server doesn\'t have a resource type "toys"\n',
      );
      await kubectl.apply(toys);
      await established('toys.acme.io');
      expect(await kubectl.run('get toys -o name')).toBe('');
    });

    it('is scaled, and selected by its fields', async () => {
      await kubectl.apply({ ...toy('car'), spec: { size: 1 } }, { ...toy('sea'), spec: { color: 'blue' } });
      await kubectl.run('scale toy car --replicas=4');
      expect(await json('get toy car')).toMatchObject({ spec: { size: 4, color: 'red' }, metadata: { generation: 2 } });
      expect(await kubectl.run('get toys --field-selector=spec.color=blue -o name')).toBe('toy.acme.io/sea\n');
      expect((await kubectl.attempt('get toys --field-selector=spec.size=4')).stderr).toContain(
        'Unable to find "acme.io/v1, Resource=toys" that match label selector "", field selector "spec.size=4": field label not supported: spec.size',
      );
    });

    it('waits for what still has to be cleaned up', async () => {
      await kubectl.apply(toy('held', { finalizers: ['acme.io/hold'] }));
      await kubectl.run('delete crd toys.acme.io --wait=false');
      await kubectl.run('wait crd/toys.acme.io --for=condition=Terminating --timeout=100s');
      expect((await attempt('create', toy('new'))).stderr).toContain(
        'create not allowed while custom resource definition is terminating',
      );
      await kubectl.run(['patch', 'toy', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
      await kubectl.run('wait --for=delete crd/toys.acme.io --timeout=100s');
    });

    it('goes with its namespace', async () => {
      await kubectl.apply(toys);
      await established('toys.acme.io');
      const passing = await k2d.namespace('passing');
      await passing.apply(toy('ball'));
      await kubectl.run('delete namespace passing --timeout=100s');
      expect(await kubectl.run('get toys -A -o name')).toBe('');
    });
  });
});
