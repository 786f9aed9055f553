import type { Json } from '../json.ts';
import {
  double,
  each,
  flag,
  integer,
  message,
  named,
  nested,
  text,
  type FieldWriter,
  type MessageWriter,
} from './protobuf-writer.ts';

// gnostic's openapi_v2.Document (github.com/google/gnostic openapiv2/OpenAPIv2.proto), which kubectl before 1.29 reads nothing but.

/** Any: its text in YAML, which JSON is. */
const any: MessageWriter = (value) => text(2, JSON.stringify(value));

const extensions = (number: number) => ({ accepts: (name: string) => name.startsWith('x-'), number, value: any });

const texts = each(text);

/** What gnostic wraps in a message of one field. */
const wrapped =
  (number: number, write: FieldWriter): MessageWriter =>
  (value) =>
    write(number, value);

/** Whether there may be other properties, or what they are. */
const schemaOrFlag: MessageWriter = (value) => (typeof value === 'boolean' ? flag(2, value) : nested(schema)(1, value));

const schema: MessageWriter = message(
  () => ({
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    multipleOf: [6, double],
    maximum: [7, double],
    exclusiveMaximum: [8, flag],
    minimum: [9, double],
    exclusiveMinimum: [10, flag],
    maxLength: [11, integer],
    minLength: [12, integer],
    pattern: [13, text],
    maxItems: [14, integer],
    minItems: [15, integer],
    uniqueItems: [16, flag],
    maxProperties: [17, integer],
    minProperties: [18, integer],
    required: [19, texts],
    enum: [20, each(nested(any))],
    additionalProperties: [21, nested(schemaOrFlag)],
    type: [22, nested(wrapped(1, text))],
    items: [23, nested(wrapped(1, nested(schema)))],
    properties: [25, nested(wrapped(1, named(schema)))],
  }),
  extensions(31),
);

const bodyParameter = message(() => ({
  name: [2, text],
  in: [3, text],
  required: [4, flag],
  schema: [5, nested(schema)],
}));

const queryParameter = message(() => ({
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [6, text],
  uniqueItems: [20, flag],
}));

const pathParameter = message(() => ({
  required: [1, flag],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [5, text],
  uniqueItems: [19, flag],
}));

/** ParametersItem → Parameter → the body's, or NonBodyParameter → the query's or the path's. */
const parameter: MessageWriter = wrapped(1, (number, value) => nested(kindOfParameter(value as Json))(number, value));

function kindOfParameter({ in: place }: Json): MessageWriter {
  if (place === 'body') return wrapped(1, nested(bodyParameter));
  return wrapped(2, nested(place === 'path' ? wrapped(4, nested(pathParameter)) : wrapped(3, nested(queryParameter))));
}

const response = message(() => ({ description: [1, text], schema: [2, nested(wrapped(1, nested(schema)))] }));

const operation = message(
  () => ({
    tags: [1, texts],
    description: [3, text],
    operationId: [5, text],
    produces: [6, texts],
    consumes: [7, texts],
    parameters: [8, each(nested(parameter))],
    responses: [9, nested(wrapped(1, named(wrapped(1, nested(response)))))],
    schemes: [10, texts],
  }),
  extensions(13),
);

const pathItem = message(() => ({
  get: [2, nested(operation)],
  put: [3, nested(operation)],
  post: [4, nested(operation)],
  delete: [5, nested(operation)],
  patch: [8, nested(operation)],
  parameters: [9, each(nested(parameter))],
}));

const document = message(() => ({
  swagger: [1, text],
  info: [2, nested(message(() => ({ title: [1, text], version: [2, text] })))],
  paths: [8, nested(wrapped(2, named(pathItem)))],
  definitions: [9, nested(wrapped(1, named(schema)))],
}));

/** A document of OpenAPI v2, or a part of one, in protobuf: parts one after the other are one document. Throws when something has no place there. */
export const openApiV2Protobuf = (json: Json): Buffer => document(json);
