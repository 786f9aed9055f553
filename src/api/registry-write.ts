import type { WriteOptions as RegistryWriteOptions } from '../domain/registry/write-options.ts';
import { fieldManagerOf } from './field-manager-of.ts';
import type { Call } from './verb.ts';
import type { WriteOptions } from './write-options.ts';

/** What the registry needs to know of a write besides the object. */
export const registryWrite = (
  { user, userAgent, warn }: Call,
  { dryRun, fieldManager }: Pick<WriteOptions, 'dryRun' | 'fieldManager'>,
  subresource?: string,
): RegistryWriteOptions => ({
  user,
  dryRun,
  warn,
  fieldManager: fieldManagerOf(fieldManager, userAgent),
  ...(subresource === undefined ? {} : { subresource }),
});
