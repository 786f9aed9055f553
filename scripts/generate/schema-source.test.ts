import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaSource } from './schema-source.ts';

test('the committed table is what the generator makes', () => {
  expect(readFileSync(new URL('../../src/generated/schema.ts', import.meta.url), 'utf8')).toBe(schemaSource());
});
