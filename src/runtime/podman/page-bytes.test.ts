import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pageBytes } from './page-bytes.ts';

test('is what the system says', async () => {
  expect(await pageBytes()).toBe(Number(execFileSync('getconf', ['PAGESIZE'])));
});
