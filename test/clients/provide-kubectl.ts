import { provideKubectl } from './kubectl-binary.ts';

/** For vitest's `globalSetup`: once before the first test, so that files that run at the same time find it done. */
export const setup = provideKubectl;
