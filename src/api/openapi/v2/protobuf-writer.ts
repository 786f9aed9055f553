/** Writes one field of a message: its number, then its value (protobuf.dev/programming-guides/encoding). */
export type FieldWriter = (number: number, value: unknown) => Buffer;

/** Writes a message without its length. */
export type MessageWriter = (value: unknown) => Buffer;

function varint(value: number): Buffer {
  if (value < 0) return signed(value);
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}

/** Negative numbers take ten bytes. */
function signed(value: number): Buffer {
  const bytes = Buffer.alloc(10, 0x80);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let i = 0; i < 10; i++, rest >>= 7n) bytes[i] = Number(rest & 0x7fn) | (i < 9 ? 0x80 : 0);
  return bytes;
}

const delimited = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

export const text: FieldWriter = (number, value) => delimited(number, Buffer.from(String(value)));

export const flag: FieldWriter = (number, value) =>
  value === true ? Buffer.concat([varint(number * 8), varint(1)]) : Buffer.alloc(0);

export const integer: FieldWriter = (number, value) => Buffer.concat([varint(number * 8), varint(Number(value))]);

export const double: FieldWriter = (number, value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Number(value));
  return Buffer.concat([varint(number * 8 + 1), bytes]);
};

export const nested =
  (message: MessageWriter): FieldWriter =>
  (number, value) =>
    delimited(number, message(value));

export const each =
  (write: FieldWriter): FieldWriter =>
  (number, value) =>
    Buffer.concat((value as readonly unknown[]).map((element) => write(number, element)));

/** A JSON object as a list of messages of name and value. */
export const named = (message: MessageWriter): FieldWriter => {
  const entry = (value: unknown): Buffer => {
    const [name, content] = value as [string, unknown];
    return Buffer.concat([text(1, name), nested(message)(2, content)]);
  };
  return (number, value) => each(nested(entry))(number, Object.entries(value as object));
};

type Rules = Readonly<Record<string, readonly [number: number, write: FieldWriter]>>;

/**
 * The message whose fields a JSON object's fields are. `other` takes those that have no rule of their own; without it such a field is an
 * error, so that nothing is left out unseen.
 */
export const message =
  (
    rules: () => Rules,
    other?: { accepts(name: string): boolean; number: number; value: MessageWriter },
  ): MessageWriter =>
  (value) => {
    const known = rules();
    const parts = Object.entries(value as object).map(([name, content]) => {
      const rule = Object.hasOwn(known, name) ? known[name] : undefined;
      if (rule !== undefined) return rule[1](rule[0], content);
      if (other?.accepts(name) !== true) throw new Error(`the message has no field ${name}`);
      return named(other.value)(other.number, { [name]: content });
    });
    return Buffer.concat(parts);
  };
