import { apiVersionOf, type ResourceDefinition } from '../../../domain/resources/resource-definition.ts';
import { customPathSchemas } from '../custom-documents.ts';
import { customSchemaName } from '../custom-schema.ts';
import type { Json } from '../json.ts';
import { resourcePaths } from '../resource-paths.ts';
import { customSchemasV2 } from './custom-schema-v2.ts';
import { mapValues, pathItemV2, type PathItem } from './to-openapi-v2.ts';
import { openApiV2Protobuf } from './to-protobuf.ts';

export type Form = 'json' | 'protobuf';

/** What custom resources add to the paths of a document, one after the other. */
export function* customPaths(definitions: readonly ResourceDefinition[], form: Form): Generator<Buffer> {
  for (const definition of definitions) {
    const paths = resourcePaths(`/apis/${apiVersionOf(definition)}`, definition, customPathSchemas(definition));
    yield written(
      form,
      'paths',
      mapValues(paths as Record<string, PathItem>, (item) => pathItemV2(item)),
    );
  }
}

/** What they add to its definitions. */
export function* customDefinitions(definitions: readonly ResourceDefinition[], form: Form): Generator<Buffer> {
  for (const definition of definitions) {
    const { object, list } = customSchemasV2(definition);
    const { kind, listKind } = definition;
    yield written(form, 'definitions', {
      [customSchemaName(definition, kind)]: object,
      [customSchemaName(definition, listKind)]: list,
    });
  }
}

/** As it goes into a document that has such members already. */
const written = (form: Form, member: 'paths' | 'definitions', added: Json): Buffer =>
  form === 'protobuf' ? openApiV2Protobuf({ [member]: added }) : Buffer.from(`,${JSON.stringify(added).slice(1, -1)}`);
