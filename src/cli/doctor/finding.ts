import type { Config } from '../../config.ts';
import type { RuntimeInfo } from '../../domain/container-runtime/container-runtime.ts';

/** `advice` is what to do, wherever there is something. */
export type Finding = { check: string; level: 'ok' | 'warn' | 'fail'; found: string; advice?: string };

/** `engine` is what it says of itself, or why it does not. */
export type Host = { config: Config; now: Date; engine: RuntimeInfo | Error };

/** One thing that k2d needs of its host; judges what it reads, and throws only what nobody foresaw. */
export type Check = (host: Host) => Promise<readonly Finding[]>;
