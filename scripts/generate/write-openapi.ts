import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { reviews } from '../../src/domain/authorization/reviews.ts';
import { catalog } from '../../src/domain/resources/catalog.ts';
import { openApiDocuments, type OpenApiDocument } from './openapi-documents.ts';

/** The Kubernetes whose schemas these are. */
const kubernetesVersion = 'v1.35.0';

/**
 * Writes the OpenAPI v3 documents of everything that is served below a directory, compressed, and the index that `/openapi/v3` answers.
 * A document's hash is part of its address, so that clients keep it until it changes.
 */
export async function writeOpenApi(directory: string): Promise<void> {
  const written = await Promise.all(
    openApiDocuments([...catalog, ...reviews], kubernetesVersion).map((document) => writeDocument(directory, document)),
  );
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
  const file = join(directory, `${path}.json.gz`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await promisify(gzip)(text, { level: constants.Z_BEST_COMPRESSION }));
  return { path, hash: createHash('sha512').update(text).digest('hex').toUpperCase() };
}
