import type { TestProject } from 'vitest/node';
import { connectEngine } from '../../../scripts/deploy/engine.ts';
import { buildDist } from '../../../scripts/image/dist.ts';
import { buildK2dImage } from '../../../scripts/image/k2d-image.ts';
import { K2D_IMAGE } from '../../integration/k2d.ts';
import { sharedK2d } from './shared-k2d.ts';

/** For vitest's `globalSetup`: before the first file, so that files that run at the same time find it ready. Answers how it is taken down. */
export async function setup({ config }: TestProject): Promise<() => Promise<void>> {
  const k2d = sharedK2d(config.env['K2D_TEST_ENGINES']);
  const { client } = await connectEngine(k2d.config);
  const present = await client
    .getImage(K2D_IMAGE)
    .inspect()
    .catch(() => undefined);
  // scripts/test.ts builds it of the sources as they are now; vitest alone takes what is there.
  if (!present) {
    await buildDist();
    await buildK2dImage(client, K2D_IMAGE);
  }
  await k2d.dispose();
  await k2d.start();
  return () => k2d.dispose();
}
