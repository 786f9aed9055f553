import type { ProcessStreams } from '../../../src/domain/container-runtime/process.ts';

/** Everything a process writes until it ends, as text. */
export async function readProcess({
  output,
}: Pick<ProcessStreams, 'output'>): Promise<{ stdout: string; stderr: string }> {
  const read = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for await (const { stream, data } of output) read[stream].push(data);
  return { stdout: Buffer.concat(read.stdout).toString(), stderr: Buffer.concat(read.stderr).toString() };
}

/** Reads until what came matches; the rest stays to be read. */
export async function readUntil(reader: AsyncIterator<{ data: Buffer }>, pattern: RegExp): Promise<string> {
  let text = '';
  while (!pattern.test(text)) {
    const { done, value } = await reader.next();
    if (done) throw new Error(`ended before ${pattern}: ${text}`);
    text += value.data.toString();
  }
  return text;
}
