import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notAcceptable } from '../../../domain/meta/status-error.ts';
import { isCustomResource } from '../../../domain/resources/custom-resource.ts';
import type { ResourceCatalog } from '../../../domain/resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../../domain/resources/resource-definition.ts';
import { acceptsType, parseAccept } from '../../accept.ts';
import { acceptsGzip } from '../../accepts-gzip.ts';
import { compressPieces } from '../../compressed.ts';
import { isCurrent } from '../../entity-tag.ts';
import { perCatalog } from '../../per-catalog.ts';
import { sendCompressedFile } from '../../send-compressed-file.ts';
import { customDefinitionHash } from '../custom-documents.ts';
import type { Form } from './custom-parts.ts';
import { withInsertions } from './with-insertions.ts';

const protobuf = 'com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** What a client may ask for, the form of the document, and what it is then called (k8s.io/kube-openapi pkg/handler/handler.go). */
const representations = [
  { subtype: 'json', form: 'json', contentType: 'application/json' },
  { subtype: protobuf, form: 'protobuf', contentType: `application/${protobuf}` },
  {
    subtype: 'com.github.proto-openapi.spec.v2@v1.0+protobuf',
    form: 'protobuf',
    contentType: `application/${protobuf}`,
  },
] as const;

/** Of each form of the document that the build made: its hash, and the bytes before which more paths and definitions can be put. */
export type OpenApiV2Index = Readonly<Record<Form, { hash: string; paths: number; definitions: number }>>;

/**
 * Serves the document of OpenAPI v2, which clients before Kubernetes 1.29, Argo CD and Terraform check, explain and merge by, from the files
 * of the build. What users have defined is put in while it goes to the client; nothing of it is kept but hashes.
 */
export function registerOpenApiV2(app: FastifyInstance, directory: string, catalog: ResourceCatalog): void {
  const custom = perCatalog(catalog, (served) => {
    // What is measured has its schema as custom resources do, and is in the documents of the build.
    const definitions = served.filter((definition) => isCustomResource(definition) && !definition.isMeasured);
    return { definitions, hashes: definitions.map(customDefinitionHash).join(' ') };
  });
  app.get('/openapi/v2', async (request, reply) => {
    const { form, contentType } = representationFor(request);
    const index = (JSON.parse(await readFile(join(directory, 'v2.index.json'), 'utf8')) as OpenApiV2Index)[form];
    const { definitions, hashes } = custom();
    const etag = `"${definitions.length === 0 ? index.hash : hash(`${index.hash} ${hashes}`)}"`;
    void reply.header('Vary', 'Accept, Accept-Encoding').header('ETag', etag);
    if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send();
    const file = join(directory, `v2.${form}.gz`);
    if (definitions.length === 0) return sendCompressedFile(file, contentType, request, reply);
    return sendPieces(await extended(file, index, definitions, form), contentType, request, reply);
  });
}

const hash = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();

async function extended(
  file: string,
  { paths, definitions }: OpenApiV2Index[Form],
  custom: readonly ResourceDefinition[],
  form: Form,
): Promise<AsyncIterable<Buffer>> {
  const parts = await import('./custom-parts.ts');
  const document = pipeline(createReadStream(file), createGunzip(), () => undefined);
  return withInsertions(document, [
    { at: paths, pieces: parts.customPaths(custom, form) },
    { at: definitions, pieces: parts.customDefinitions(custom, form) },
  ]);
}

function sendPieces(
  pieces: AsyncIterable<Buffer>,
  contentType: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  void reply.type(contentType);
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(Readable.from(pieces));
  return reply.header('Content-Encoding', 'gzip').send(compressPieces(pieces));
}

function representationFor(request: FastifyRequest): (typeof representations)[number] {
  for (const clause of parseAccept(request.headers.accept)) {
    const found = representations.find(({ subtype }) => acceptsType(clause, 'application', subtype));
    if (found !== undefined) return found;
  }
  throw notAcceptable(representations.map(({ subtype }) => `application/${subtype}`));
}
