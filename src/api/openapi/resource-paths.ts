import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { subresourcesOf } from '../discovery.ts';
import { objectBody, optionsBody, responses } from './bodies.ts';
import type { Json } from './json.ts';
import { objectOperations, readAndWriteOperations } from './object-operations.ts';
import { kindOf, operation } from './operation.ts';
import {
  deleteCollectionParameters,
  listParameters,
  nameParameter,
  namespaceParameter,
  pathParameter,
  writeParameters,
} from './parameters.ts';
import type { PathSchemas } from './path-schemas.ts';
import { subresourceOperations } from './subresource-operations.ts';

/** The paths of a resource below `/api/v1` or `/apis/apps/v1`, with an operation for each verb. */
export function resourcePaths(base: string, resource: ResourceDefinition, schemas: PathSchemas): Json {
  const { plural, kind, scope } = resource;
  const collection = scope === 'Namespaced' ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const scopeParameters = scope === 'Namespaced' ? [namespaceParameter] : [];
  if (resource.isComputed) {
    return { [collection]: { post: createOperation(resource, schemas), parameters: scopeParameters } };
  }
  if (resource.isMeasured) return readPaths(base, collection, resource, schemas);
  const objectParameters = [nameParameter(kind), ...scopeParameters];
  return {
    ...(scope === 'Namespaced'
      ? { [`${base}/${plural}`]: { get: listOperation(resource, schemas, 'ForAllNamespaces') } }
      : {}),
    [collection]: { ...collectionOperations(resource, schemas), parameters: scopeParameters },
    [`${collection}/{name}`]: { ...objectOperations(resource, schemas), parameters: objectParameters },
    ...Object.fromEntries(
      subresourcesOf(resource).flatMap((subresource) => {
        const path = `${collection}/{name}/${subresource.name}`;
        const operations = subresourceOperations(resource, schemas, subresource);
        const all = { [path]: { ...operations, parameters: objectParameters } };
        if (!subresource.passesOn) return Object.entries(all);
        const below = subresourceOperations(resource, schemas, subresource, 'WithPath');
        const parameters = [...objectParameters, pathParameter];
        return Object.entries({ ...all, [`${path}/{path}`]: { ...below, parameters } });
      }),
    ),
  };
}

/** Of what can only be read. */
function readPaths(base: string, collection: string, resource: ResourceDefinition, schemas: PathSchemas): Json {
  const { plural, kind, scope } = resource;
  const scopeParameters = scope === 'Namespaced' ? [namespaceParameter] : [];
  const { get } = readAndWriteOperations(resource, schemas, schemas.object, kindOf(resource), '');
  return {
    ...(scope === 'Namespaced'
      ? { [`${base}/${plural}`]: { get: listOperation(resource, schemas, 'ForAllNamespaces') } }
      : {}),
    [collection]: { get: listOperation(resource, schemas, ''), parameters: scopeParameters },
    [`${collection}/{name}`]: { get, parameters: [nameParameter(kind), ...scopeParameters] },
  };
}

function collectionOperations(resource: ResourceDefinition, schemas: PathSchemas): Json {
  const gvk = kindOf(resource);
  return {
    get: listOperation(resource, schemas, ''),
    post: createOperation(resource, schemas),
    delete: {
      ...operation(resource, {
        verb: 'deleteCollection',
        action: 'deletecollection',
        does: `delete collection of ${resource.kind}`,
        gvk,
      }),
      parameters: deleteCollectionParameters,
      requestBody: optionsBody(schemas),
      responses: responses(schemas.status, 200),
    },
  };
}

function createOperation(resource: ResourceDefinition, schemas: PathSchemas): Json {
  const does = `create a ${resource.kind}`;
  return {
    ...operation(resource, { verb: 'create', action: 'post', does, gvk: kindOf(resource) }),
    parameters: writeParameters,
    requestBody: objectBody(schemas, schemas.object),
    responses: responses(schemas.object, 200, 201, 202),
  };
}

function listOperation(resource: ResourceDefinition, schemas: PathSchemas, suffix: string): Json {
  const does = `list or watch objects of kind ${resource.kind}`;
  return {
    ...operation(resource, { verb: 'list', action: 'list', does, gvk: kindOf(resource) }, suffix),
    parameters: listParameters,
    responses: responses(schemas.list, 200),
  };
}
