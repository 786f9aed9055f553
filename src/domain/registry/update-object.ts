import type { KubernetesObject } from '../meta/types.ts';
import type { FieldError } from '../meta/field-error.ts';
import { isFinished } from './before-delete.ts';
import { beforeUpdate, countGeneration } from './before-update.ts';
import { withOwners, withReadableOwners } from './field-ownership.ts';
import { validateObjectMetaUpdate } from './object-meta-validation.ts';
import { refuse } from './refuse.ts';
import { admissionRequest, type Write, type WriteParts } from './write.ts';

/**
 * Admits, completes, checks and stores the next state of an object, unless that is what is stored (apiserver
 * pkg/registry/generic/registry/store.go Update). An object that nothing holds any more after its deletion goes with this.
 */
export async function updateObject<T extends KubernetesObject>(
  { stored, lister, admission, clock }: WriteParts,
  write: Write<T>,
  current: T,
  asked: T,
): Promise<T> {
  const { definition, options } = write;
  const changed = beforeUpdate(definition, asked, current, options);
  if (stored.isKeptAs(definition, changed)) return current;
  const owned = withOwners(definition, current, definition.default(changed), options, clock);
  if (stored.isKeptAs(definition, owned)) return current;
  const request = { ...admissionRequest('UPDATE', write), oldObject: current };
  const mutated = withReadableOwners(await admission.mutate({ ...request, object: owned }, lister), owned);
  const next = nextState(write, current, mutated === owned ? owned : definition.default(mutated as T));
  if (stored.isKeptAs(definition, next)) return current;
  await definition.ready?.();
  refuse(definition, next, faultsOf(write, next, current));
  await admission.validate({ ...request, object: next }, lister);
  if (options.subresource === undefined) definition.warnings(next).forEach((text) => options.warn?.(text));
  if (options.dryRun) return next;
  return stored.commit(definition, isFinished(definition, next) ? 'DELETED' : 'MODIFIED', next, current);
}

/** What admission left, without what nobody may change: once more, for webhooks must not either. Who owns what stays as it was computed. */
function nextState<T extends KubernetesObject>({ definition, options }: Write<T>, current: T, admitted: T): T {
  const { subresource } = options;
  const kept = beforeUpdate(definition, admitted, current, { ...options, isApplied: true });
  const prepared = subresource === 'status' ? kept : definition.prepareForUpdate(kept, current, subresource);
  return countGeneration(definition, prepared, current);
}

const faultsOf = <T extends KubernetesObject>({ definition, options }: Write<T>, next: T, current: T): FieldError[] => [
  ...validateObjectMetaUpdate(definition, next, current),
  ...(options.subresource === 'status'
    ? definition.validateStatus(next, current)
    : [...definition.validate(next, current), ...definition.validateUpdate(next, current, options.subresource)]),
];
