/** The messages of grpc.health.v1 (grpc/health/v1/health.proto) as gRPC frames: two fields need no protobuf library. */

const frameHeaderBytes = 5;
const serving = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

export type ServingStatus = (typeof serving)[number];

/** `HealthCheckRequest { string service = 1; }`; the field is left out when it is empty, as in every proto3 message. */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/** `HealthCheckResponse { ServingStatus status = 1; }`; undefined for what is no such frame. */
export function servingStatus(frame: Buffer): ServingStatus | undefined {
  if (frame.length < frameHeaderBytes || frame[0] !== 0) return undefined;
  const message = frame.subarray(frameHeaderBytes);
  if (message.length !== frame.readUInt32BE(1)) return undefined;
  if (message.length === 0) return serving[0];
  return message.length === 2 && message[0] === 0x08 ? serving[message[1]!] : undefined;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
