import { vi } from 'vitest';

/** Milliseconds that tests wait for what comes soon on an idle machine: it may be doing other things at the same time. */
const PATIENCE = 30_000;

/** For vitest's `setupFiles`: `vi.waitFor` gives up after a second, and there is no setting for that. */
const { waitFor } = vi;
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, { timeout: PATIENCE, ...(typeof options === 'number' ? { timeout: options } : options) });
