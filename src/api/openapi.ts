import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notAcceptable } from '../domain/meta/status-error.ts';
import { acceptsType, parseAccept } from './accept.ts';

/** The index's entry of a document: its address carries the hash of its text. */
type Index = { readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string } | undefined>> };

/**
 * Serves the OpenAPI v3 documents that the build wrote to this directory (k8s.io/kube-openapi pkg/handler3). They go from the disk to the
 * client as they are: k2d never holds or parses one. A document under its hash never changes, so clients keep it for a year.
 */
export function registerOpenApi(app: FastifyInstance, directory: string): void {
  app.get('/openapi/v3', (request, reply) => sendIndex(directory, request, reply));
  app.get<{ Params: { '*': string } }>('/openapi/v3/*', (request, reply) =>
    sendDocument(directory, request.params['*'], request, reply),
  );
}

async function sendIndex(directory: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  requireJson(request);
  const text = await readIndex(directory);
  const etag = `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"`;
  void reply.header('Vary', 'Accept').header('ETag', etag);
  if (isCurrent(request, etag)) return reply.code(304).send();
  return reply.type('application/json').send(text);
}

async function sendDocument(
  directory: string,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | void> {
  requireJson(request);
  const { paths } = JSON.parse(await readIndex(directory)) as Index;
  const url = Object.hasOwn(paths, path) ? paths[path]?.serverRelativeURL : undefined;
  if (url === undefined) return reply.callNotFound();
  const hash = queryOf(url).get('hash') ?? '';
  const asked = queryOf(request.url).get('hash');
  if (asked !== null && asked !== '' && asked !== hash) return reply.redirect(url, 301);
  void reply.header('Vary', 'Accept, Accept-Encoding').header('ETag', `"${hash}"`);
  if (asked === hash) void reply.header('Cache-Control', 'public, immutable, max-age=31536000');
  if (isCurrent(request, `"${hash}"`)) return reply.code(304).send();
  return sendFile(join(directory, `${path}.json.gz`), request, reply);
}

async function sendFile(file: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const handle = await open(file);
  const compressed = handle.createReadStream();
  void reply.type('application/json');
  if (!acceptsGzip(request)) return reply.send(decompressed(compressed));
  const { size } = await handle.stat();
  return reply.header('Content-Encoding', 'gzip').header('Content-Length', size).send(compressed);
}

/** Closing either end closes both; a failure reaches the reply as the stream's error. */
function decompressed(compressed: Readable): Readable {
  return pipeline(compressed, createGunzip(), () => undefined);
}

function readIndex(directory: string): Promise<string> {
  return readFile(join(directory, 'index.json'), 'utf8');
}

/** The protobuf form of these documents exists in Kubernetes, but no client needs it. */
function requireJson(request: FastifyRequest): void {
  if (parseAccept(request.headers.accept).some((clause) => acceptsType(clause, 'application', 'json'))) return;
  throw notAcceptable(['application/json']);
}

/** RFC 9110, section 12.5.3; an absent header means as it is. */
function acceptsGzip(request: FastifyRequest): boolean {
  const codings = String(request.headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',');
  return codings.some((coding) => /^\s*(gzip|\*)\s*(;\s*q\s*=\s*(1|0\.0*[1-9]).*)?$/.test(coding));
}

/** RFC 9110, section 13.1.2: compared weakly, since a proxy that compresses makes a strong tag weak. */
function isCurrent(request: FastifyRequest, etag: string): boolean {
  const tags = String(request.headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.split('?', 2)[1]);
}
