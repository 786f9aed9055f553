import { writeFileSync } from 'node:fs';
import { schemaSource } from './schema-source.ts';

writeFileSync(new URL('../../src/generated/schema.ts', import.meta.url), schemaSource());
