import {
  deleteCollectionParameters,
  deleteParameters,
  listParameters,
  nameParameter,
  namespaceParameter,
  patchParameters,
  subresourceParameters,
  writeParameters,
} from './parameters.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { subresourcesOf } from '../discovery.ts';
import type { Subresource } from '../subresources/subresource.ts';
import { schemaReference, type GroupVersionKind, type Json } from './json.ts';

/** Of kinds that are built in; nothing else says how lists merge. */
const strategicMerge = 'application/strategic-merge-patch+json';

/** The schema names that the paths refer to. */
export type PathSchemas = {
  readonly object: string;
  readonly list: string;
  /** What subresources speak of, such as a Scale. */
  readonly kind: (kind: GroupVersionKind) => string;
  readonly status: string;
  readonly deleteOptions: string;
  readonly patch: string;
  /** Else they merge in simpler ways only, and have no protobuf. */
  readonly isBuiltIn: boolean;
};

type Operation = {
  readonly verb: string;
  readonly action: string;
  readonly does: string;
  readonly gvk: GroupVersionKind;
};

/** The paths of a resource below `/api/v1` or `/apis/apps/v1`, with an operation for each verb. */
export function resourcePaths(base: string, resource: ResourceDefinition, schemas: PathSchemas): Json {
  const { plural, kind, scope } = resource;
  const collection = scope === 'Namespaced' ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const scopeParameters = scope === 'Namespaced' ? [namespaceParameter] : [];
  if (resource.isComputed) {
    return { [collection]: { post: createOperation(resource, schemas), parameters: scopeParameters } };
  }
  const objectParameters = [nameParameter(kind), ...scopeParameters];
  return {
    ...(scope === 'Namespaced'
      ? { [`${base}/${plural}`]: { get: listOperation(resource, schemas, 'ForAllNamespaces') } }
      : {}),
    [collection]: { ...collectionOperations(resource, schemas), parameters: scopeParameters },
    [`${collection}/{name}`]: { ...objectOperations(resource, schemas), parameters: objectParameters },
    ...Object.fromEntries(
      subresourcesOf(resource).map((subresource) => [
        `${collection}/{name}/${subresource.name}`,
        { ...subresourceOperations(resource, schemas, subresource), parameters: objectParameters },
      ]),
    ),
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
      requestBody: { ...body(sameOf(bodyTypes, schemas.deleteOptions)), required: false },
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

function objectOperations(resource: ResourceDefinition, schemas: PathSchemas): Json {
  const gvk = kindOf(resource);
  const deleted = resource.deleteReturnsObject ? schemas.object : schemas.status;
  return {
    ...readAndWriteOperations(resource, schemas, schemas.object, gvk, ''),
    delete: {
      ...operation(resource, { verb: 'delete', action: 'delete', does: `delete a ${resource.kind}`, gvk }),
      parameters: deleteParameters,
      requestBody: { ...body(sameOf(bodyTypes, schemas.deleteOptions)), required: false },
      responses: responses(deleted, 200, 202),
    },
  };
}

/** One operation for each verb that the subresource has. */
function subresourceOperations(resource: ResourceDefinition, schemas: PathSchemas, subresource: Subresource): Json {
  const { name, responseKind, isText, connects, verbs } = subresource;
  const gvk = responseKind ?? kindOf(resource);
  if (connects) return connectOperations(resource, subresource, gvk);
  const schema = responseKind === undefined ? schemas.object : schemas.kind(responseKind);
  const { get, put, patch } = readAndWriteOperations(resource, schemas, schema, gvk, name);
  return {
    ...(verbs.get === undefined ? {} : { get: isText ? { ...(get as Json), ...textAnswer(name) } : get }),
    ...(verbs.create === undefined ? {} : { post: createSubresource(resource, schemas, schema, gvk, name) }),
    ...(verbs.update === undefined ? {} : { put }),
    ...(verbs.patch === undefined ? {} : { patch }),
  };
}

const connectOperations = (resource: ResourceDefinition, { name, verbs }: Subresource, gvk: GroupVersionKind): Json => {
  const connect = (method: string): Json => ({
    ...operation(
      resource,
      {
        verb: `connect${method}`,
        action: 'connect',
        does: `connect ${method.toUpperCase()} requests to ${name} of ${resource.kind}`,
        gvk,
      },
      capitalized(name),
    ),
    responses: {
      200: { description: 'OK', content: { '*/*': { schema: { type: 'string' } } } },
      401: { description: 'Unauthorized' },
    },
  });
  return {
    ...(verbs.get === undefined ? {} : { get: connect('Get') }),
    ...(verbs.create === undefined ? {} : { post: connect('Post') }),
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

function readAndWriteOperations(
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
      requestBody: body({
        'application/json-patch+json': schemas.patch,
        'application/merge-patch+json': schemas.patch,
        ...(schemas.isBuiltIn ? { [strategicMerge]: schemas.patch } : {}),
        'application/apply-patch+yaml': schemas.patch,
      }),
      responses: responses(schema, 200, 201),
    },
  };
}

function operation(resource: ResourceDefinition, { verb, action, does, gvk }: Operation, suffix = ''): Json {
  const group = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
  const groupVersion = `${capitalized(group)}${capitalized(resource.version)}`;
  const namespaced = resource.scope === 'Namespaced' && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  return {
    tags: [`${group}_${resource.version}`],
    description: does,
    operationId: `${verb}${groupVersion}${namespaced}${resource.kind}${suffix}`,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  };
}

/** In which an object can be sent. */
const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

const objectBody = ({ isBuiltIn }: PathSchemas, schema: string): Json =>
  body(sameOf(isBuiltIn ? bodyTypes : bodyTypes.slice(0, 2), schema));

const sameOf = (types: readonly string[], schema: string): Record<string, string> =>
  Object.fromEntries(types.map((type) => [type, schema]));

function body(schemaByType: Readonly<Record<string, string>>): Json {
  return { content: content(schemaByType), required: true };
}

const texts: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

function responses(schema: string, ...codes: readonly number[]): Json {
  const answers = codes.map((code): [string, Json] => [
    String(code),
    { description: texts[code], content: content({ 'application/json': schema, 'application/yaml': schema }) },
  ]);
  return Object.fromEntries([...answers, ['401', { description: 'Unauthorized' }]]);
}

function content(schemaByType: Readonly<Record<string, string>>): Json {
  const media = Object.entries(schemaByType).map(([type, schema]) => [
    type,
    { schema: { $ref: schemaReference(schema) } },
  ]);
  return Object.fromEntries(media) as Json;
}

function kindOf({ group, version, kind }: ResourceDefinition): GroupVersionKind {
  return { group, version, kind };
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
