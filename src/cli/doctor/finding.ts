import type { Config } from '../../config.ts';

/** `advice` is what to do, wherever there is something. */
export type Finding = { check: string; level: 'ok' | 'warn' | 'fail'; found: string; advice?: string };

/** One thing that k2d needs of its host; judges what it reads, and throws only what nobody foresaw. */
export type Check = (host: { config: Config; now: Date }) => Promise<readonly Finding[]>;
