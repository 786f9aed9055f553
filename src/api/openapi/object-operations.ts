import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { objectBody, optionsBody, patchBody, responses } from './bodies.ts';
import type { GroupVersionKind, Json } from './json.ts';
import { capitalized, kindOf, operation } from './operation.ts';
import { deleteParameters, patchParameters, writeParameters } from './parameters.ts';
import type { PathSchemas } from './path-schemas.ts';

/** What can be done to one object. */
export function objectOperations(resource: ResourceDefinition, schemas: PathSchemas): Json {
  const gvk = kindOf(resource);
  const deleted = resource.deleteReturnsObject ? schemas.object : schemas.status;
  return {
    ...readAndWriteOperations(resource, schemas, schemas.object, gvk, ''),
    delete: {
      ...operation(resource, { verb: 'delete', action: 'delete', does: `delete a ${resource.kind}`, gvk }),
      parameters: deleteParameters,
      requestBody: optionsBody(schemas),
      responses: responses(deleted, 200, 202),
    },
  };
}

/** Of an object, or of a part of it that has an endpoint of its own. */
export function readAndWriteOperations(
  resource: ResourceDefinition,
  schemas: PathSchemas,
  schema: string,
  gvk: GroupVersionKind,
  subresource: string,
): Record<'get' | 'put' | 'patch', Json> {
  const what =
    subresource === '' ? `the specified ${resource.kind}` : `${subresource} of the specified ${resource.kind}`;
  const suffix = capitalized(subresource);
  const named = (verb: string, action: string, does: string) =>
    operation(resource, { verb, action, does: `${does} ${what}`, gvk }, suffix);
  return {
    get: { ...named('read', 'get', 'read'), responses: responses(schema, 200) },
    put: {
      ...named('replace', 'put', 'replace'),
      parameters: writeParameters,
      requestBody: objectBody(schemas, schema),
      responses: responses(schema, 200, 201),
    },
    patch: {
      ...named('patch', 'patch', 'partially update'),
      parameters: patchParameters,
      requestBody: patchBody(schemas),
      responses: responses(schema, 200, 201),
    },
  };
}
