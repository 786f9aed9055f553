import type { OpenApiDocument } from './openapi-documents.ts';
import type { Json } from '../../src/api/openapi/json.ts';

type Schema = Json & { allOf?: readonly { $ref: string }[]; oneOf?: readonly { type: string }[] };
type Media = Readonly<Record<string, { schema: Schema }>>;
type Parameter = Json & { schema: Json };
type Operation = Json & {
  parameters?: readonly Parameter[];
  requestBody?: { content: Media; required: boolean };
  responses: Readonly<Record<string, { description: string; content?: Media }>>;
};
type PathItem = Readonly<Record<string, Operation>> & { parameters?: readonly Parameter[] };

/**
 * All documents of OpenAPI v3 as the one of v2 that clients before Kubernetes 1.29 read (k8s.io/kube-openapi pkg/builder). It says nothing of
 * defaults, as Kubernetes' own does not: those clients would write them into patches.
 */
export function openApiV2(documents: readonly OpenApiDocument[], version: string): Json {
  const all = documents.map(({ document }) => document as unknown as Document);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: merged(all.map(({ paths }) => mapValues(paths, pathItem))),
    definitions: merged(all.map(({ components }) => mapValues(components.schemas, schemaV2))),
  };
}

type Document = {
  paths: Readonly<Record<string, PathItem>>;
  components: { schemas: Readonly<Record<string, Schema>> };
};

function pathItem({ parameters, ...operations }: PathItem): Json {
  const own = (parameters as readonly Parameter[] | undefined)?.map(plainParameter);
  return {
    ...mapValues(operations as Readonly<Record<string, Operation>>, operation),
    ...(own === undefined ? {} : { parameters: own }),
  };
}

function operation({ parameters = [], requestBody, responses, ...rest }: Operation): Json {
  const body = requestBody === undefined ? [] : [bodyParameter(requestBody)];
  const produced = new Set(Object.values(responses).flatMap(({ content }) => Object.keys(content ?? {})));
  return {
    ...rest,
    consumes: Object.keys(requestBody?.content ?? { '*/*': {} }),
    produces: [...produced],
    schemes: ['https'],
    parameters: [...body, ...parameters.map(plainParameter)],
    responses: mapValues(responses, ({ description, content }) => ({ description, ...oneSchema(content) })),
  };
}

const plainParameter = ({ schema, ...rest }: Parameter): Json => ({ ...rest, ...schema });

const bodyParameter = ({ content, required }: NonNullable<Operation['requestBody']>): Json => ({
  name: 'body',
  in: 'body',
  ...(required ? { required } : {}),
  ...oneSchema(content),
});

/** Of all media types the same. */
function oneSchema(content: Media | undefined): Json {
  const [media] = Object.values(content ?? {});
  return media === undefined ? {} : { schema: schemaV2(media.schema) };
}

/** A reference stands beside what else is said, and of several types the text is the one that all values have. */
function schemaV2({ allOf, oneOf, default: _default, ...rest }: Schema): Json {
  const { $ref, items, additionalProperties, properties } = rest as Record<string, unknown>;
  const reference = ($ref as string | undefined) ?? allOf?.[0]?.$ref;
  return {
    ...rest,
    ...(reference === undefined ? {} : { $ref: reference.replace('#/components/schemas/', '#/definitions/') }),
    ...(oneOf === undefined ? {} : { type: 'string' }),
    ...(items === undefined ? {} : { items: schemaV2(items as Schema) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: schemaV2(additionalProperties as Schema) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties as Record<string, Schema>, schemaV2) }),
  };
}

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => Json): Record<string, Json> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const merged = (records: readonly Record<string, Json>[]): Json =>
  Object.fromEntries(
    records.flatMap((record) => Object.entries(record)).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))),
  );
