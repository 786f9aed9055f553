import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkFields } from '../../domain/meta/schema/check-fields.ts';
import { schemaOfKind } from '../../domain/meta/schema/schema-table.ts';
import { decodeProtobuf } from './protobuf.ts';

/** Request bodies of kubectl 1.35, each with what the same command prints with `--dry-run=client -o json`: Go's JSON of the same object. */
type Recording = { command: string; body: string; json: { apiVersion: string; kind: string } };
const recordings = readFileSync(new URL('fixtures/kubectl-1.35-protobuf.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recording);

const decode = (body: Buffer) => decodeProtobuf(body);
const bodyOf = (command: string): Buffer => {
  const recording = recordings.find((candidate) => candidate.command.startsWith(command));
  if (recording === undefined) throw new Error(`no recording of ${command}`);
  return Buffer.from(recording.body, 'base64');
};

test.each(recordings)('$command', ({ body, json }) => {
  const type = schemaOfKind(json.apiVersion, json.kind);
  if (type === undefined) throw new Error(`no schema of ${json.kind}`);
  expect(decode(Buffer.from(body, 'base64'))).toEqual({
    kind: 'decoded',
    object: checkFields(json, type).object,
    duplicates: [],
  });
});

/** `bytes` writes a length-delimited field, as every one of a runtime.Unknown and of most messages is. */
const bytes = (number: number, value: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2, Buffer.byteLength(value)]), Buffer.from(value)]);
const varint = (number: number, value: bigint): Buffer => {
  const septets: number[] = [];
  for (let rest = BigInt.asUintN(64, value); rest > 0n || septets.length === 0; rest >>= 7n)
    septets.push(Number(rest & 0x7fn));
  return Buffer.from([
    number * 8,
    ...septets.map((septet, index) => (index < septets.length - 1 ? septet | 0x80 : septet)),
  ]);
};
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), bytes(1, Buffer.concat([bytes(1, apiVersion), bytes(2, kind)])), bytes(2, raw)]);
const objectOf = (apiVersion: string, kind: string, ...fields: Buffer[]) => {
  const result = decode(envelope(apiVersion, kind, Buffer.concat(fields)));
  return result.kind === 'decoded' ? result.object : result.message;
};

describe('values', () => {
  test('times are RFC 3339, the zero time is absent', () => {
    const metadata = (time: Buffer) => bytes(1, bytes(8, time));
    const seconds = Buffer.concat([varint(1, 1_767_225_600n), varint(2, 0n)]);
    expect(objectOf('v1', 'Namespace', metadata(seconds))).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    });
    expect(objectOf('v1', 'Namespace', metadata(Buffer.alloc(0)))).toMatchObject({ metadata: {} });
    expect(objectOf('v1', 'Namespace', metadata(varint(1, 2n ** 62n)))).toBe('proto: time out of range');
  });
  test('a lease renews to the microsecond, and an explicit empty holder stays', () => {
    const renewTime = Buffer.concat([varint(1, 1n), varint(2, 999_999_000n)]);
    expect(
      objectOf('coordination.k8s.io/v1', 'Lease', bytes(2, Buffer.concat([bytes(1, ''), bytes(4, renewTime)]))),
    ).toMatchObject({
      spec: { holderIdentity: '', renewTime: '1970-01-01T00:00:01.999999Z' },
    });
  });
  test('negative numbers take ten bytes', () => {
    expect(objectOf('v1', 'DeleteOptions', varint(1, -1n))).toMatchObject({ gracePeriodSeconds: -1 });
  });
  test('free-form values are JSON inside', () => {
    const data = (json: string) => bytes(2, bytes(1, json));
    expect(objectOf('apps/v1', 'ControllerRevision', data('{"a":[1,{"b":null}]}'))).toMatchObject({
      data: { a: [1, { b: null }] },
    });
    expect(objectOf('apps/v1', 'ControllerRevision', data('{"a":'))).toBe('proto: unexpected end of JSON input');
  });
  test('numbers may come packed', () => {
    const exitCodes = bytes(3, Buffer.from([1, 2, 42]));
    const rule = bytes(1, bytes(2, exitCodes));
    expect(objectOf('batch/v1', 'Job', bytes(2, bytes(11, rule)))).toMatchObject({
      spec: { podFailurePolicy: { rules: [{ onExitCodes: { values: [1, 2, 42] } }] } },
    });
  });
  test('__proto__ is a key like any other', () => {
    const entry = bytes(2, Buffer.concat([bytes(1, '__proto__'), bytes(2, 'x')]));
    expect(JSON.stringify(objectOf('v1', 'ConfigMap', entry))).toContain('{"__proto__":"x"}');
  });
  test('fields of newer versions are skipped, whatever their type', () => {
    const unknown = [
      varint(15, 1n),
      bytes(14, 'x'),
      Buffer.from([13 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([12 * 8 + 5, 1, 2, 3, 4]),
    ];
    expect(objectOf('v1', 'ConfigMap', ...unknown)).toEqual({ apiVersion: 'v1', kind: 'ConfigMap' });
  });
});

describe('what is refused', () => {
  test.each([
    ['JSON', Buffer.from('{"kind":"Pod"}'), 'provided data does not appear to be a protobuf message'],
    ['nothing', Buffer.alloc(0), 'provided data does not appear to be a protobuf message'],
    ['an unknown kind', envelope('v1', 'Podd', Buffer.alloc(0)), 'no kind "Podd" is registered for version "v1"'],
    ['an envelope without a kind', Buffer.from('k8s\0'), 'no kind "" is registered for version ""'],
    ['a length past the end', Buffer.from('k8s\0\x12\xff\x01', 'latin1'), 'proto: unexpected EOF'],
    [
      'a length that makes no sense',
      Buffer.concat([Buffer.from('k8s\0\x12'), Buffer.alloc(9, 0xff), Buffer.from([1])]),
      'proto: unexpected EOF',
    ],
    [
      'a number that never ends',
      Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(20, 0xff)]),
      'proto: integer overflow',
    ],
    ['a group', Buffer.from('k8s\0\x1b', 'latin1'), 'proto: illegal wireType 3'],
    ['field number zero', Buffer.from('k8s\0\x02\x00', 'latin1'), 'proto: illegal tag 0'],
    ['text where a message is due', envelope('v1', 'ConfigMap', varint(1, 5n)), 'proto: wrong wireType = 0'],
  ])('%s', (_case, body, message) => {
    expect(decode(body)).toEqual({ kind: 'invalid', message });
  });

  test('a body that is cut or damaged anywhere never throws', () => {
    const body = bodyOf('kubectl create deployment');
    const damaged = (at: number): Buffer =>
      Buffer.concat([body.subarray(0, at), Buffer.from([body.readUInt8(at) ^ 0xff]), body.subarray(at + 1)]);
    for (let at = 0; at < body.length; at++) {
      expect(decode(body.subarray(0, at)).kind).toMatch(/decoded|invalid/);
      expect(decode(damaged(at)).kind).toMatch(/decoded|invalid/);
    }
  });
});
