import type { Json } from '../json.ts';

export type Schema = Json & { allOf?: readonly { $ref: string }[]; oneOf?: readonly { type: string }[] };
type Media = Readonly<Record<string, { schema: Schema }>>;
type Parameter = Json & { schema: Json };
type Operation = Json & {
  parameters?: readonly Parameter[];
  requestBody?: { content: Media; required: boolean };
  responses: Readonly<Record<string, { description: string; content?: Media }>>;
};
export type PathItem = Readonly<Record<string, Operation>> & { parameters?: readonly Parameter[] };

/** A path of a document of OpenAPI v3 in the words of v2. */
export function pathItemV2({ parameters, ...operations }: PathItem): Json {
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
export function schemaV2({ allOf, oneOf, default: _default, ...rest }: Schema): Json {
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

export const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => Json): Record<string, Json> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
