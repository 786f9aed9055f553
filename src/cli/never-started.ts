import type { Config } from '../config.ts';

export const neverStarted = ({ dataPath }: Pick<Config, 'dataPath'>, cause?: unknown): Error =>
  new Error(`k2d was never started with ${dataPath}`, { cause });
