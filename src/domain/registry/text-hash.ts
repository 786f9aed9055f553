import { createHash } from 'node:crypto';

/** Stands for texts of any length where they are only compared: 24 characters are what is remembered of them. */
export const textHash = (texts: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('base64').slice(0, 24);
