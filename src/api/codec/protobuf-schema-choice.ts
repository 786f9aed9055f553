import type { Scalar } from '../../domain/meta/schema/schema-type.ts';
import { wireTypes, type ProtobufReader } from './protobuf-reader.ts';

/** What may stand where a schema of a CustomResourceDefinition may. */
type Choice = Extract<Scalar, 'schemaOrList' | 'schemaOrBoolean' | 'schemaOrStrings'>;

/** The numbers of the schema and of what may be there instead (apiextensions-apiserver pkg/apis/apiextensions/v1/generated.proto). */
const numbers: Readonly<Record<Choice, { schema: number; other: number }>> = {
  schemaOrList: { schema: 1, other: 2 },
  schemaOrBoolean: { schema: 2, other: 1 },
  schemaOrStrings: { schema: 1, other: 2 },
};

export const isSchemaChoice = (scalar: Scalar): scalar is Choice => Object.hasOwn(numbers, scalar);

/** JSON has just one of the two: which, is as Go's marshal.go of these types says. */
export function readSchemaChoice(
  reader: ProtobufReader,
  choice: Choice,
  readSchema: (part: ProtobufReader) => unknown,
): unknown {
  let schema: unknown;
  const schemas: unknown[] = [];
  const strings: string[] = [];
  let allows = false;
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    const isBytes = wireType === wireTypes.bytes;
    if (number === numbers[choice].schema && isBytes) schema = readSchema(reader.part());
    else if (number !== numbers[choice].other) reader.skip(wireType);
    else if (choice === 'schemaOrBoolean' && wireType === wireTypes.varint) allows = reader.varint() !== 0n;
    else if (choice === 'schemaOrList' && isBytes) schemas.push(readSchema(reader.part()));
    else if (choice === 'schemaOrStrings' && isBytes) strings.push(reader.bytes().toString('utf8'));
    else reader.skip(wireType);
  }
  switch (choice) {
    case 'schemaOrList':
      return schemas.length > 0 ? schemas : schema;
    case 'schemaOrBoolean':
      return schema ?? allows;
    case 'schemaOrStrings':
      return strings.length > 0 ? strings : schema;
  }
}
