import { ofSize } from './of-size.ts';
import { BLOCK, headerBlocks, padding, type TarEntry } from './tar-header.ts';

export type TarMember = { entry: TarEntry; content?: AsyncIterable<Buffer> };

/** An archive as it goes out. */
export async function* writeTar(members: AsyncIterable<TarMember>): AsyncGenerator<Buffer> {
  for await (const { entry, content = nothing() } of members) {
    yield headerBlocks(entry);
    yield* ofSize(entry.size, content);
    yield padding(entry.size);
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* nothing(): AsyncGenerator<never> {}
