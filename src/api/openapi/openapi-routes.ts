import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notAcceptable } from '../../domain/meta/status-error.ts';
import type { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { acceptsType, parseAccept } from '../accept.ts';
import { acceptsGzip } from '../accepts-gzip.ts';
import { isCurrent } from '../entity-tag.ts';
import { sendCompressedFile } from '../send-compressed-file.ts';
import { customDocuments, type CustomDocuments } from './custom-documents.ts';

/** The index's entry of a document: its address carries the hash of its text. */
type Index = { readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string } | undefined>> };

type Documents = { readonly directory: string; readonly custom: CustomDocuments };

/**
 * Serves the OpenAPI v3 documents that the build wrote to this directory (k8s.io/kube-openapi pkg/handler3), and those of custom resources.
 * The former go from the disk to the client as they are: k2d never holds or parses one. A document under its hash never changes, so clients
 * keep it for a year.
 */
export function registerOpenApi(app: FastifyInstance, directory: string, catalog: ResourceCatalog): void {
  const documents = { directory, custom: customDocuments(catalog, directory) };
  app.get('/openapi/v3', (request, reply) => sendIndex(documents, request, reply));
  app.get<{ Params: { '*': string } }>('/openapi/v3/*', (request, reply) =>
    sendDocument(documents, request.params['*'], request, reply),
  );
}

async function sendIndex(documents: Documents, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  requireJson(request);
  const text = JSON.stringify(await readIndex(documents));
  const etag = `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"`;
  void reply.header('Vary', 'Accept').header('ETag', etag);
  if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type('application/json').send(text);
}

async function sendDocument(
  documents: Documents,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | void> {
  requireJson(request);
  const { paths } = await readIndex(documents);
  const url = Object.hasOwn(paths, path) ? paths[path]?.serverRelativeURL : undefined;
  if (url === undefined) return reply.callNotFound();
  const hash = queryOf(url).get('hash') ?? '';
  const asked = queryOf(request.url).get('hash');
  if (asked !== null && asked !== '' && asked !== hash) return reply.redirect(url, 301);
  void reply.header('Vary', 'Accept, Accept-Encoding').header('ETag', `"${hash}"`);
  if (asked === hash) void reply.header('Cache-Control', 'public, immutable, max-age=31536000');
  if (isCurrent(request.headers['if-none-match'], `"${hash}"`)) return reply.code(304).send();
  const text = await documents.custom.text(path);
  return text === undefined
    ? sendCompressedFile(join(documents.directory, `${path}.json.gz`), 'application/json', request, reply)
    : sendText(text, request, reply);
}

async function sendText(text: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  void reply.type('application/json');
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(Buffer.from(text));
  return reply.header('Content-Encoding', 'gzip').send(await promisify(gzip)(text));
}

/** A group version of ours keeps its document, whatever users add to it. */
async function readIndex({ directory, custom }: Documents): Promise<Index> {
  const { paths } = JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')) as Index;
  const added = [...custom.hashes()].map(([path, hash]) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` },
  ]);
  return { paths: { ...(Object.fromEntries(added) as Index['paths']), ...paths } };
}

/** The protobuf form of these documents exists in Kubernetes, but no client needs it. */
function requireJson(request: FastifyRequest): void {
  if (parseAccept(request.headers.accept).some((clause) => acceptsType(clause, 'application', 'json'))) return;
  throw notAcceptable(['application/json']);
}

function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.split('?', 2)[1]);
}
