import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../../api/api-test-bed.ts';
import { validatingPolicies } from '../../domain/admission/policies/validating-policies.ts';
import { startAdmissionPolicyStatusController } from '../../domain/controllers/access/admission-policy-status-controller.ts';
import { silentLogger } from '../../domain/registry/registry-fixture.ts';
import { catalog } from '../../domain/resources/catalog.ts';

let bed: ApiTestBed;
const stop = new AbortController();
beforeAll(async () => {
  const options = { versionsOf: () => [], kinds: () => catalog, hasCaughtUp: () => true, logger: silentLogger };
  bed = await openApiTestBed({ admission: [validatingPolicies(options)] });
  void startAdmissionPolicyStatusController({ registry: bed.registry, logger: silentLogger, signal: stop.signal });
});
afterAll(async () => {
  stop.abort();
  await bed.close();
});

const group = '/apis/admissionregistration.k8s.io/v1';
const headers = { 'content-type': 'application/json' };
const post = (path: string, body: object) => bed.send('POST', path, { headers, body });

const policy = {
  metadata: { name: 'few' },
  spec: {
    matchConstraints: {
      resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    },
    variables: [{ name: 'keys', expression: 'object.?data.orValue({}).size()' }],
    validations: [{ expression: 'variables.keys < 2', messageExpression: "'has %d keys'.format([variables.keys])" }],
  },
};

it('a policy binds once there is a binding, and can always be taken away', async () => {
  const created = await post(`${group}/validatingadmissionpolicies`, policy);
  expect(created.body).toMatchObject({ metadata: { generation: 1 }, spec: { failurePolicy: 'Fail' } });
  await vi.waitFor(async () => {
    const { body } = await bed.send('GET', `${group}/validatingadmissionpolicies/few`);
    expect(body.status).toMatchObject({ observedGeneration: 1, typeChecking: {} });
  });
  const write = (name: string) =>
    post('/api/v1/namespaces/default/configmaps', { metadata: { name }, data: { a: '1', b: '2' } });
  expect((await write('before')).status).toBe(201);
  const binding = { metadata: { name: 'here' }, spec: { policyName: 'few', validationActions: ['Deny'] } };
  expect((await post(`${group}/validatingadmissionpolicybindings`, binding)).status).toBe(201);
  const { status, body } = await write('x');
  expect([status, body.reason, body.message]).toEqual([
    422,
    'Invalid',
    `configmaps "x" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'here' denied request: has 2 keys`,
  ]);
  expect((await bed.send('DELETE', `${group}/validatingadmissionpolicybindings/here`)).status).toBe(200);
  expect((await write('x')).status).toBe(201);
});

it('a policy that means nothing is refused, whatever is in it', async () => {
  for (const spec of [
    undefined,
    {},
    { validations: [{}] },
    { variables: [{}], validations: [{ expression: '__proto__' }] },
  ]) {
    const { status } = await post(`${group}/validatingadmissionpolicies`, { metadata: { name: 'x' }, spec });
    expect([400, 422]).toContain(status);
    const bound = await post(`${group}/validatingadmissionpolicybindings`, { metadata: { name: 'x' }, spec });
    expect([400, 422]).toContain(bound.status);
  }
});
