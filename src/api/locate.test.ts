import { expect, it } from 'vitest';
import type { CustomResourceDefinition } from '../domain/meta/types.ts';
import { catalog } from '../domain/resources/catalog.ts';
import { customResources } from '../domain/resources/custom-resource.ts';
import { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import { locator } from './locate.ts';
import { requestInfo } from './request-info.ts';

const toys: CustomResourceDefinition = {
  metadata: { name: 'toys.acme.io' },
  spec: {
    group: 'acme.io',
    scope: 'Namespaced',
    names: { plural: 'toys', kind: 'Toy' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

const served = new ResourceCatalog(catalog);
served.put('toys.acme.io', customResources(toys));
const locate = locator(served);
const TOYS = '/apis/acme.io/v1/namespaces/default/toys';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

it.each([
  ['PATCH', `${TOYS}/train/status`, 404, 'toys.acme.io "train" not found'],
  ['GET', `${TOYS}/train/scale`, 404, 'toys.acme.io "train" not found'],
  ['POST', `${TOYS}/train`, 405, 'create is not supported on resources of kind "toys.acme.io"'],
  ['GET', `${DEPLOYMENTS}/web/nothing`, 404, 'the server could not find the requested resource'],
  ['POST', `${DEPLOYMENTS}/web`, 405, 'the server does not allow this method on the requested resource'],
])('%s %s: %i %s', (method, path, code, message) => {
  const info = requestInfo(method, path, false);
  expect(() => locate(info)).toThrow(expect.objectContaining({ message, status: expect.objectContaining({ code }) }));
});
