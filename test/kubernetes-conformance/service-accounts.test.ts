import { afterAll, beforeAll, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

it('a token that was asked for speaks for its account, and the review says so', async () => {
  const { client } = plane;
  const namespace = await plane.namespace();
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const { metadata } = await client.create(path, { metadata: { name: 'sa' } });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } };
  const { token } = (await client.create(`${path}/sa/token`, request)).status;
  const reviewOf = async (spec: object) =>
    (
      await client.create('/apis/authentication.k8s.io/v1/tokenreviews', {
        kind: 'TokenReview',
        apiVersion: 'authentication.k8s.io/v1',
        spec,
      })
    ).status;
  const status = await reviewOf({ token });
  expect(status).toMatchObject({
    authenticated: true,
    user: {
      username: `system:serviceaccount:${namespace}:sa`,
      uid: metadata.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    },
  });
  expect((await reviewOf({ token: `${token}x` })).authenticated).not.toBe(true);
  expect((await reviewOf({ token, audiences: ['https://example.com'] })).authenticated).not.toBe(true);
  const self = await plane.bed.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    anonymous: true,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  expect([self.status, self.body.status.userInfo.username]).toEqual([201, status.user.username]);
});

it('reviews of what others may do say the same, asked anywhere or in the namespace', async () => {
  const { client } = plane;
  const namespace = await plane.namespace();
  await client.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'sa' } });
  const spec = {
    user: `system:serviceaccount:${namespace}:sa`,
    resourceAttributes: { verb: 'list', resource: 'configmaps', version: 'v1', namespace },
  };
  const group = 'authorization.k8s.io/v1';
  const answers = async () => {
    const local = `/apis/${group}/namespaces/${namespace}/localsubjectaccessreviews`;
    const anywhere = await client.create(`/apis/${group}/subjectaccessreviews`, { spec });
    const inside = await client.create(local, { metadata: { namespace }, spec });
    return [anywhere.status.allowed, inside.status.allowed];
  };
  expect(await answers()).toEqual([false, false]);
  await client.create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'view' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'sa', namespace }],
  });
  expect(await answers()).toEqual([true, true]);
});
