import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { catalog } from '../../src/domain/resources/catalog.ts';
import { openApiDocuments, sharedSchemas, type OpenApiDocument } from './openapi-documents.ts';

/** The Kubernetes whose schemas these are. */
const kubernetesVersion = 'v1.35.0';

/**
 * Writes the OpenAPI v3 documents of everything in the catalog below a directory, compressed, and the index that `/openapi/v3` answers.
 * A document's hash is part of its address, so that clients keep it until it changes. `shared.json.gz` is for the documents of custom resources.
 */
export async function writeOpenApi(directory: string): Promise<void> {
  const written = await Promise.all(
    openApiDocuments(catalog, kubernetesVersion).map((document) => writeDocument(directory, document)),
  );
  await writeCompressed(join(directory, 'shared.json.gz'), JSON.stringify(sharedSchemas()));
  const paths = written
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, hash }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
  await writeFile(join(directory, 'index.json'), JSON.stringify({ paths: Object.fromEntries(paths) as unknown }));
}

async function writeDocument(
  directory: string,
  { path, document }: OpenApiDocument,
): Promise<{ path: string; hash: string }> {
  const text = JSON.stringify(document);
  await writeCompressed(join(directory, `${path}.json.gz`), text);
  return { path, hash: createHash('sha512').update(text).digest('hex').toUpperCase() };
}

async function writeCompressed(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await promisify(gzip)(text, { level: constants.Z_BEST_COMPRESSION }));
}
