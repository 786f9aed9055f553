import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from './accepts-gzip.ts';

/** A file that is kept compressed, from the disk to the client as it is, for clients that take it so: k2d never holds all of it. */
export async function sendCompressedFile(
  file: string,
  contentType: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const handle = await open(file);
  const compressed = handle.createReadStream();
  void reply.type(contentType);
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(decompressed(compressed));
  const { size } = await handle.stat();
  return reply.header('Content-Encoding', 'gzip').header('Content-Length', size).send(compressed);
}

/** Closing either end closes both; a failure reaches the reply as the stream's error. */
const decompressed = (compressed: Readable): Readable => pipeline(compressed, createGunzip(), () => undefined);
