import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notAcceptable } from '../domain/meta/status-error.ts';
import { acceptsType, parseAccept } from './accept.ts';
import { isCurrent } from './entity-tag.ts';
import { sendCompressedFile } from './send-compressed-file.ts';

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
  if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send();
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
  if (isCurrent(request.headers['if-none-match'], `"${hash}"`)) return reply.code(304).send();
  return sendCompressedFile(join(directory, `${path}.json.gz`), 'application/json', request, reply);
}

function readIndex(directory: string): Promise<string> {
  return readFile(join(directory, 'index.json'), 'utf8');
}

/** The protobuf form of these documents exists in Kubernetes, but no client needs it. */
function requireJson(request: FastifyRequest): void {
  if (parseAccept(request.headers.accept).some((clause) => acceptsType(clause, 'application', 'json'))) return;
  throw notAcceptable(['application/json']);
}

function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.split('?', 2)[1]);
}
