import { describe, expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

async function* chunks(...texts: readonly string[]): AsyncIterable<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe('jsonLines', () => {
  test('however the lines are cut, with or without the last line feed', async () => {
    const body = chunks('{"a":', '1}\n\n{"a":"', 'ü"}\r\n{"a":3}');
    expect(await Array.fromAsync(jsonLines(body))).toEqual([{ a: 1 }, { a: 'ü' }, { a: 3 }]);
  });

  test('what is no JSON is refused', async () => {
    await expect(Array.fromAsync(jsonLines(chunks('{"a":1}\nnonsense\n')))).rejects.toMatchObject({ code: 'Internal' });
  });

  test('a line without end is refused', async () => {
    const body = chunks(...Array.from({ length: 50 }, () => 'x'.repeat(100_000)));
    await expect(Array.fromAsync(jsonLines(body))).rejects.toMatchObject({ code: 'Internal' });
  });
});
