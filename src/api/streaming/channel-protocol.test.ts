import { describe, expect, test } from 'vitest';
import { decodeMessage, decodeSize, encodeMessage, encodeStatus, protocolNamed } from './channel-protocol.ts';

describe('the protocol', () => {
  test.each([
    ['v5.channel.k8s.io', Buffer.from('\x01hi')],
    ['v4.base64.channel.k8s.io', '1aGk='],
  ])('%s writes and reads messages', (name, message) => {
    const protocol = protocolNamed(name);
    expect(encodeMessage(protocol, 1, Buffer.from('hi'))).toEqual(message);
    expect(decodeMessage(protocol, Buffer.from(message))).toEqual({ channel: 1, data: Buffer.from('hi') });
    expect(decodeMessage(protocol, Buffer.alloc(0))).toBeUndefined();
  });

  test('before v4 success is silent and failure is text', () => {
    const failure = { metadata: {}, status: 'Failure', message: 'no' } as const;
    const success = { metadata: {}, status: 'Success' } as const;
    const [old, current] = ['channel.k8s.io', 'v4.channel.k8s.io'].map(protocolNamed);
    expect([success, failure].map((status) => encodeStatus(old!, status)?.toString())).toEqual([undefined, 'no']);
    expect(JSON.parse(String(encodeStatus(current!, success)))).toEqual(success);
  });

  test.each(['', '{}', '[]', 'null', '{"Width":0,"Height":1}', '{"Width":1e9,"Height":1}', '{"Width":"1","Height":1}'])(
    'a size of %s is none',
    (text) => expect(decodeSize(Buffer.from(text))).toBeUndefined(),
  );

  test('a size is one', () => {
    expect(decodeSize(Buffer.from('{"Width":80,"Height":24}\n'))).toEqual({ columns: 80, rows: 24 });
  });
});
