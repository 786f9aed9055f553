import { glob, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleExclusions } from '../bundle-exclusions.ts';
import { requiredModules } from '../required-modules.ts';
import { writeOpenApi } from '../generate/write-openapi.ts';

const DIST = 'dist';

/**
 * Writes dist/: `k2d.mjs` with one chunk for each dynamic import, so that a module is read from the SD card and kept in
 * memory only once it is used; and the OpenAPI documents, which k2d serves from there.
 */
export async function buildDist(): Promise<void> {
  await rm(DIST, { recursive: true, force: true });
  await build({
    entryPoints: { k2d: 'src/main.ts' },
    outdir: DIST,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    minifyWhitespace: true,
    minifySyntax: true, // identifiers stay: a stack trace from a device has to be readable without a source map
    legalComments: 'none',
    // CommonJS packages call require() for Node's own modules; an ES module has none.
    banner: {
      js: `import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);`,
    },
    plugins: [bundleExclusions, requiredModules],
    logLevel: 'warning',
  });
  await refuseWideText();
  await writeOpenApi(join(DIST, 'openapi'));
}

/** V8 keeps the text of a module in memory, with two bytes a character from the first that Latin-1 lacks: twice the size for one letter. */
async function refuseWideText(): Promise<void> {
  for await (const file of glob(join(DIST, '**/*.mjs'))) {
    const wide = /.{0,40}[\u{100}-\u{10ffff}].{0,40}/u.exec(await readFile(file, 'utf8'));
    if (wide)
      throw new Error(`${file} has a character beyond Latin-1, which esbuild escapes only in strings: ${wide[0]}`);
  }
}
