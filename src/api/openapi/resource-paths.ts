import {
  deleteCollectionParameters,
  deleteParameters,
  listParameters,
  nameParameter,
  namespaceParameter,
  patchParameters,
  writeParameters,
} from './parameters.ts';
import { schemaReference, type GroupVersionKind, type Json } from './json.ts';

/** What a document needs to know of a resource that k2d serves. */
export type ServedResource = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** It can only be created. */
  readonly isComputed: boolean;
  readonly subresources: readonly string[];
  readonly deleteReturnsObject: boolean;
};

/** Of kinds that are built in; nothing else says how lists merge. */
const strategicMerge = 'application/strategic-merge-patch+json';

/** The schema names that the paths refer to. */
export type PathSchemas = {
  readonly object: string;
  readonly list: string;
  readonly scale: string;
  readonly status: string;
  readonly deleteOptions: string;
  readonly patch: string;
  readonly hasStrategicMerge: boolean;
};

type Operation = {
  readonly verb: string;
  readonly action: string;
  readonly does: string;
  readonly gvk: GroupVersionKind;
};

/** The paths of a resource below `/api/v1` or `/apis/apps/v1`, with an operation for each verb. */
export function resourcePaths(base: string, resource: ServedResource, schemas: PathSchemas): Json {
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
      resource.subresources.map((name) => [
        `${collection}/{name}/${name}`,
        { ...subresourceOperations(resource, schemas, name), parameters: objectParameters },
      ]),
    ),
  };
}

function collectionOperations(resource: ServedResource, schemas: PathSchemas): Json {
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
      requestBody: { ...body({ '*/*': schemas.deleteOptions }), required: false },
      responses: responses(schemas.status, 200),
    },
  };
}

function createOperation(resource: ServedResource, schemas: PathSchemas): Json {
  const does = `create a ${resource.kind}`;
  return {
    ...operation(resource, { verb: 'create', action: 'post', does, gvk: kindOf(resource) }),
    parameters: writeParameters,
    requestBody: body({ '*/*': schemas.object }),
    responses: responses(schemas.object, 200, 201, 202),
  };
}

function listOperation(resource: ServedResource, schemas: PathSchemas, suffix: string): Json {
  const does = `list or watch objects of kind ${resource.kind}`;
  return {
    ...operation(resource, { verb: 'list', action: 'list', does, gvk: kindOf(resource) }, suffix),
    parameters: listParameters,
    responses: responses(schemas.list, 200),
  };
}

function objectOperations(resource: ServedResource, schemas: PathSchemas): Json {
  const gvk = kindOf(resource);
  const deleted = resource.deleteReturnsObject ? schemas.object : schemas.status;
  return {
    ...readAndWriteOperations(resource, schemas, schemas.object, gvk, ''),
    delete: {
      ...operation(resource, { verb: 'delete', action: 'delete', does: `delete a ${resource.kind}`, gvk }),
      parameters: deleteParameters,
      requestBody: { ...body({ '*/*': schemas.deleteOptions }), required: false },
      responses: responses(deleted, 200, 202),
    },
  };
}

function subresourceOperations(resource: ServedResource, schemas: PathSchemas, name: string): Json {
  const isScale = name === 'scale';
  const gvk = isScale ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : kindOf(resource);
  return readAndWriteOperations(resource, schemas, isScale ? schemas.scale : schemas.object, gvk, name);
}

function readAndWriteOperations(
  resource: ServedResource,
  schemas: PathSchemas,
  schema: string,
  gvk: GroupVersionKind,
  subresource: string,
): Json {
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
      requestBody: body({ '*/*': schema }),
      responses: responses(schema, 200, 201),
    },
    patch: {
      ...named('patch', 'patch', 'partially update'),
      parameters: patchParameters,
      requestBody: body({
        'application/json-patch+json': schemas.patch,
        'application/merge-patch+json': schemas.patch,
        ...(schemas.hasStrategicMerge ? { [strategicMerge]: schemas.patch } : {}),
        'application/apply-patch+yaml': schemas.patch,
      }),
      responses: responses(schema, 200, 201),
    },
  };
}

function operation(resource: ServedResource, { verb, action, does, gvk }: Operation, suffix = ''): Json {
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

function kindOf({ group, version, kind }: ServedResource): GroupVersionKind {
  return { group, version, kind };
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
