import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notAcceptable } from '../domain/meta/status-error.ts';
import { acceptsType, parseAccept } from './accept.ts';
import { isCurrent } from './entity-tag.ts';
import { sendCompressedFile } from './send-compressed-file.ts';

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

/** The hash of each form, made by the build. */
type Tags = Readonly<Record<'json' | 'protobuf', string>>;

/** Serves the document of OpenAPI v2, which clients before Kubernetes 1.29 check, explain and merge by, from the files of the build. */
export function registerOpenApiV2(app: FastifyInstance, directory: string): void {
  app.get('/openapi/v2', async (request, reply) => {
    const { form, contentType } = representationFor(request);
    const tags = JSON.parse(await readFile(join(directory, 'v2.index.json'), 'utf8')) as Tags;
    const etag = `"${tags[form]}"`;
    void reply.header('Vary', 'Accept, Accept-Encoding').header('ETag', etag);
    if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return sendCompressedFile(join(directory, `v2.${form}.gz`), contentType, request, reply);
  });
}

function representationFor(request: FastifyRequest): (typeof representations)[number] {
  for (const clause of parseAccept(request.headers.accept)) {
    const found = representations.find(({ subtype }) => acceptsType(clause, 'application', subtype));
    if (found !== undefined) return found;
  }
  throw notAcceptable(representations.map(({ subtype }) => `application/${subtype}`));
}
