import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { defineCustomResource } from './custom-resource.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

/** What clients look for in every cluster, as far as something stands behind it here. */
const resources: readonly (readonly [group: string, version: string, resource: string])[] = [
  ['admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations'],
  ['apiextensions.k8s.io', 'v1', 'customresourcedefinitions'],
  ['apps', 'v1', 'deployments'],
  ['authentication.k8s.io', 'v1', 'tokenreviews'],
  ['authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'],
  ['coordination.k8s.io', 'v1', 'leases'],
  ['discovery.k8s.io', 'v1', 'endpointslices'],
  ['events.k8s.io', 'v1', 'events'],
  ['node.k8s.io', 'v1', 'runtimeclasses'],
  ['scheduling.k8s.io', 'v1', 'priorityclasses'],
];

type Named = { name: string };
type Versions = { versions: { groupVersion: string; version: string }[] };

describe('plain discovery', () => {
  it.each([...resources, ['admissionregistration.k8s.io', 'v1', 'mutatingwebhookconfigurations'] as const])(
    'leads to %s/%s %s',
    async (group, version, resource) => {
      const { client } = plane;
      const groupVersion = `${group}/${version}`;
      const listed = (await client.get('/apis')).groups.find(({ name }: Named) => name === group);
      expect(listed.versions).toContainEqual({ groupVersion, version });
      expect((await client.get(`/apis/${group}`)).versions).toContainEqual({ groupVersion, version });
      const found = await client.get(`/apis/${groupVersion}`);
      expect(found.groupVersion).toBe(groupVersion);
      expect(found.resources.map(({ name }: Named) => name)).toContain(resource);
    },
  );

  it('prefers a version of each group that the group has', async () => {
    const { groups } = await plane.client.get('/apis');
    expect(groups.length).toBeGreaterThan(5);
    for (const { name, preferredVersion, versions } of groups as (Named & Versions & { preferredVersion: object })[]) {
      const group = await plane.client.get(`/apis/${name}`);
      expect(group.preferredVersion).toEqual(preferredVersion);
      expect(versions).toContainEqual(preferredVersion);
      expect(group.versions).toEqual(versions);
    }
  });
});

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type Aggregated = {
  items: { metadata: { name?: string }; versions: { version: string; resources: { resource: string }[] }[] }[];
};

const isIn = ({ items }: Aggregated, [group, version, resource]: readonly [string, string, string]): boolean =>
  items
    .filter(({ metadata }) => (metadata.name ?? '') === group)
    .flatMap(({ versions }) => versions.filter((each) => each.version === version))
    .some((each) => each.resources.some((listed) => listed.resource === resource));

describe('aggregated discovery', () => {
  it('has everything in two documents', async () => {
    const groups: Aggregated = await plane.client.get('/apis', aggregated);
    for (const resource of resources) expect([resource, isIn(groups, resource)]).toEqual([resource, true]);
    const core: Aggregated = await plane.client.get('/api', aggregated);
    expect(isIn(core, ['', 'v1', 'namespaces'])).toBe(true);
  });

  it('has custom resources as soon as they are served', async () => {
    const defined = await defineCustomResource(plane.client, { scope: 'Namespaced' });
    const resource = [defined.group, 'v1', defined.plural] as const;
    await eventually(async () => expect(isIn(await plane.client.get('/apis', aggregated), resource)).toBe(true));
    await plane.client.remove(defined.definition);
    await eventually(async () => expect(isIn(await plane.client.get('/apis', aggregated), resource)).toBe(false));
  });
});

it('the version is a number of two parts', async () => {
  const { major, minor } = await plane.client.get('/version');
  expect([major, minor]).toEqual([expect.stringMatching(/^[1-9]$/), expect.stringMatching(/^\d+\+?$/)]);
});

it('a table of what is no object is not acceptable', async () => {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
  };
  const { status, body } = await plane.client.attempt(
    'POST',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    review,
    { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  );
  expect([status, body.reason]).toEqual([406, 'NotAcceptable']);
});
