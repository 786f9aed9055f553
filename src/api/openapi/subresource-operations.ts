import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import type { Subresource } from '../subresources/subresource.ts';
import { objectBody, responses } from './bodies.ts';
import type { GroupVersionKind, Json } from './json.ts';
import { readAndWriteOperations } from './object-operations.ts';
import { capitalized, kindOf, operation } from './operation.ts';
import { subresourceParameters, writeParameters } from './parameters.ts';
import type { PathSchemas } from './path-schemas.ts';

/** One operation for each verb that the subresource has; the suffix tells apart those that are there twice. */
export function subresourceOperations(
  resource: ResourceDefinition,
  schemas: PathSchemas,
  subresource: Subresource,
  suffix = '',
): Json {
  const { name, responseKind, isText, connects, verbs } = subresource;
  const gvk = responseKind ?? kindOf(resource);
  if (connects) return connectOperations(resource, subresource, gvk, suffix);
  const schema = responseKind === undefined ? schemas.object : schemas.kind(responseKind);
  const { get, put, patch } = readAndWriteOperations(resource, schemas, schema, gvk, name);
  return {
    ...(verbs.get === undefined ? {} : { get: isText ? { ...(get as Json), ...textAnswer(name) } : get }),
    ...(verbs.create === undefined ? {} : { post: createSubresource(resource, schemas, schema, gvk, name) }),
    ...(verbs.update === undefined ? {} : { put }),
    ...(verbs.patch === undefined ? {} : { patch }),
  };
}

const connectOperations = (
  resource: ResourceDefinition,
  { name, verbs }: Subresource,
  gvk: GroupVersionKind,
  suffix: string,
): Json => {
  const connect = (method: string): Json => ({
    ...operation(
      resource,
      {
        verb: `connect${method}`,
        action: 'connect',
        does: `connect ${method.toUpperCase()} requests to ${name} of ${resource.kind}`,
        gvk,
      },
      `${capitalized(name)}${suffix}`,
    ),
    responses: {
      200: { description: 'OK', content: { '*/*': { schema: { type: 'string' } } } },
      401: { description: 'Unauthorized' },
    },
  });
  return {
    ...(verbs.get === undefined ? {} : { get: connect('Get') }),
    ...(verbs.create === undefined ? {} : { post: connect('Post') }),
    ...(verbs.update === undefined ? {} : { put: connect('Put') }),
    ...(verbs.patch === undefined ? {} : { patch: connect('Patch') }),
    ...(verbs.delete === undefined ? {} : { delete: connect('Delete') }),
  };
};

const textAnswer = (subresource: string): Json => ({
  parameters: subresourceParameters[subresource] ?? [],
  responses: {
    200: { description: 'OK', content: { 'text/plain': { schema: { type: 'string' } } } },
    401: { description: 'Unauthorized' },
  },
});

function createSubresource(
  resource: ResourceDefinition,
  schemas: PathSchemas,
  schema: string,
  gvk: GroupVersionKind,
  name: string,
): Json {
  const does = `create ${name} of a ${resource.kind}`;
  return {
    ...operation(resource, { verb: 'create', action: 'post', does, gvk }, capitalized(name)),
    parameters: writeParameters,
    requestBody: objectBody(schemas, schema),
    responses: responses(schema, 200, 201, 202),
  };
}
