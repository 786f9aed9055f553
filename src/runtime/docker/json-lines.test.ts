import { expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

test('values are found however the stream is cut, also the last without its line feed', async () => {
  const values = jsonLines(chunks('{"a":1}\r\n{"b', '":2}\n\n', '{"c":"', 'ü"}'));
  expect(await Array.fromAsync(values)).toEqual([{ a: 1 }, { b: 2 }, { c: 'ü' }]);
});

test('what is no JSON is an error, and so is a line without an end', async () => {
  await expect(Array.fromAsync(jsonLines(chunks('no\n')))).rejects.toThrow(SyntaxError);
  const endless = Array.from({ length: 50 }, () => 'x'.repeat(100_000));
  await expect(Array.fromAsync(jsonLines(chunks(...endless)))).rejects.toThrow(SyntaxError);
});
