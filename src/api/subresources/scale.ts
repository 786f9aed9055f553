import { invalid, invalidValue } from '../../domain/meta/field-error.ts';
import { endpointFields } from '../../domain/meta/managed-fields/endpoint-fields.ts';
import type { ManagedFieldsEntry } from '../../domain/meta/managed-fields/owners.ts';
import { scaledOwners, scaleOwners } from '../../domain/meta/managed-fields/scale-owners.ts';
import { mergeTypeOf } from '../../domain/meta/managed-fields/schema-merge-type.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import { schemaOfKind } from '../../domain/meta/schema/schema-table.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { writerOf } from '../../domain/registry/field-ownership.ts';
import { apiVersionOf } from '../../domain/resources/resource-definition.ts';
import {
  requireReplicas,
  rescaled,
  scaleColumns,
  scaleKind,
  scaleOf,
  type Scale,
} from '../../domain/resources/scale.ts';
import { decodeBody, mediaTypeOf } from '../codec/decode-body.ts';
import { decodeConfiguration } from '../codec/decode-configuration.ts';
import { checkIsCurrent, checkName } from '../object-identity.ts';
import type { Call, Verb, VerbContext } from '../verb.ts';
import { registryWrite } from '../registry-write.ts';
import { applied, applyMediaType } from '../verbs/apply.ts';
import { patcher } from '../verbs/patch.ts';
import { applyOptions, patchOptions, writeOptions, type WriteOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

const getScale: Verb = ({ registry }, { definition, key }) => {
  const object = registry.get(definition, key);
  requireReplicas(definition, object);
  return { kind: 'object', code: 200, object: scaleOf(definition, object), columns: scaleColumns };
};

const updateScale: Verb = async (context, call) => {
  const options = writeOptions('UpdateOptions', call.query);
  const { fieldValidation } = options;
  const next = await decodeBody<Scale>(call.body, scaleKind, { fieldValidation, warn: call.warn });
  checkName(call, next);
  return rescale(context, call, options, () => next);
};

const patchScale: Verb = (context, call) => {
  if (mediaTypeOf(call.body.contentType) === applyMediaType) return applyScale(context, call);
  const options = patchOptions(call.query);
  const { fieldValidation } = options;
  return rescale(context, call, options, patcher<Scale>(call.body, scaleKind, { fieldValidation, warn: call.warn }));
};

/** Applied to the Scale, with those who own its count; what becomes of them becomes of the object's owners. */
async function applyScale(context: VerbContext, call: Call) {
  const options = applyOptions(call.query);
  const config = await decodeConfiguration(call.body);
  const { apiVersion } = scaleKind;
  const type = mergeTypeOf(schemaOfKind(apiVersion, scaleKind.kind)!);
  const { fieldManager } = options;
  const { time } = writerOf(call.definition, { fieldManager, subresource: 'scale' }, context.clock);
  const writer = {
    manager: fieldManager,
    apiVersion,
    isServed: (version: string) => version === apiVersion,
    subresource: 'scale',
    type,
    ownable: allButStatus,
    time,
  };
  const applyTo = (current: Scale, entries: readonly ManagedFieldsEntry[]): Scale => {
    const managedFields = scaleOwners(entries, apiVersion);
    const live = { ...current, metadata: { ...metaOf(current), managedFields } };
    const next = applied<Scale>(live, config, writer, scaleKind, { ...options, warn: call.warn });
    checkName(call, next);
    return next;
  };
  return rescale(context, call, options, applyTo, { isApplied: true });
}

const allButStatus = endpointFields(undefined);

async function rescale(
  { registry }: VerbContext,
  call: Call,
  options: Pick<WriteOptions, 'dryRun' | 'fieldManager'>,
  nextScale: (current: Scale, entries: readonly ManagedFieldsEntry[]) => Scale,
  { isApplied = false } = {},
) {
  const { definition, key } = call;
  const change = (current: KubernetesObject): KubernetesObject => {
    const owners = metaOf(current).managedFields ?? [];
    const next = nextScale(scaleOf(definition, current), owners);
    const replicas = next.spec?.replicas ?? 0;
    if (replicas < 0) {
      const error = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
      throw invalid('autoscaling', 'Scale', key.name, [error]);
    }
    checkIsCurrent(definition, next, current);
    const managedFields = scaledOwners(owners, metaOf(next).managedFields ?? [], apiVersionOf(definition));
    const scaled = rescaled(definition, current, next);
    return isApplied ? { ...scaled, metadata: { ...metaOf(scaled), managedFields } } : scaled;
  };
  const write = { ...registryWrite(call, options, 'scale'), isApplied };
  const object = await registry.update(definition, key, change, write);
  return { kind: 'object', code: 200, object: scaleOf(definition, object), columns: scaleColumns } as const;
}

export const scale: Subresource = {
  name: 'scale',
  servedFor: ({ subresources }) => subresources.includes('scale'),
  verbs: { get: getScale, update: updateScale, patch: patchScale },
  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
};
