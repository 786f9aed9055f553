import { createHash } from 'node:crypto';

/** The kernel allows 15 characters (IFNAMSIZ); a longer instance name keeps its beginning and gets a hash. */
export const bridgeName = (instance: string): string =>
  instance.length <= 15
    ? instance
    : `${instance.slice(0, 8)}-${createHash('sha256').update(instance).digest('hex').slice(0, 6)}`;
