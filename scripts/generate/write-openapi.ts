import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Json } from '../../src/api/openapi/json.ts';
import type { OpenApiV2Index } from '../../src/api/openapi/v2/openapi-v2-route.ts';
import { openApiV2Protobuf } from '../../src/api/openapi/v2/to-protobuf.ts';
import { reviews } from '../../src/domain/authorization/reviews.ts';
import { catalog } from '../../src/domain/resources/catalog.ts';
import { measuredResources } from '../../src/domain/resources/measured-resources.ts';
import { openApiDocuments, sharedSchemas, type OpenApiDocument } from './openapi-documents.ts';
import { openApiV2 } from './openapi-v2.ts';

/** The Kubernetes whose schemas these are. */
const kubernetesVersion = 'v1.35.0';

/**
 * Writes the OpenAPI documents of everything that is served below a directory, compressed: those of v3 with the index that `/openapi/v3`
 * answers, and the one of v2 in both its forms with their hashes and where custom resources are to be inserted. A document's hash is part of its address in v3, so that clients keep it
 * until it changes. `shared.json.gz` is for the documents of custom resources.
 */
export async function writeOpenApi(directory: string): Promise<void> {
  const documents = openApiDocuments([...catalog, ...reviews, ...measuredResources], kubernetesVersion);
  await writeOpenApiV2(directory, openApiV2(documents, kubernetesVersion));
  await writeCompressed(directory, 'shared.json', Buffer.from(JSON.stringify(sharedSchemas())));
  const written = await Promise.all(documents.map((document) => writeDocument(directory, document)));
  const paths = written
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, hash }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
  await writeFile(join(directory, 'index.json'), JSON.stringify({ paths: Object.fromEntries(paths) as unknown }));
}

async function writeOpenApiV2(directory: string, document: Json): Promise<void> {
  const { definitions, ...head } = document;
  const json = Buffer.from(JSON.stringify({ ...head, definitions }));
  const protobuf = openApiV2Protobuf(document);
  const index = {
    json: {
      hash: await writeCompressed(directory, 'v2.json', json),
      paths: Buffer.byteLength(JSON.stringify(head)) - '}}'.length,
      definitions: json.length - '}}'.length,
    },
    // In protobuf what is repeated at the end is added.
    protobuf: {
      hash: await writeCompressed(directory, 'v2.protobuf', protobuf),
      paths: protobuf.length,
      definitions: protobuf.length,
    },
  } satisfies OpenApiV2Index;
  await writeFile(join(directory, 'v2.index.json'), JSON.stringify(index));
}

async function writeDocument(
  directory: string,
  { path, document }: OpenApiDocument,
): Promise<{ path: string; hash: string }> {
  return { path, hash: await writeCompressed(directory, `${path}.json`, Buffer.from(JSON.stringify(document))) };
}

/** Answers the content's hash. */
async function writeCompressed(directory: string, name: string, content: Buffer): Promise<string> {
  const file = join(directory, `${name}.gz`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
  return createHash('sha512').update(content).digest('hex').toUpperCase();
}
