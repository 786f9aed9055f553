import { invalid, invalidValue } from '../../domain/meta/field-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { requireReplicas, rescaled, scaleKind, scaleOf, type Scale } from '../../domain/resources/scale.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { checkIsCurrent, checkName } from '../object-identity.ts';
import type { Call, Verb, VerbContext } from '../verb.ts';
import { patcher } from '../verbs/patch.ts';
import { writeOptions, type WriteOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

const getScale: Verb = ({ registry }, { definition, key }) => {
  const object = registry.get(definition, key);
  requireReplicas(definition, object);
  return { kind: 'object', code: 200, object: scaleOf(definition, object) };
};

const updateScale: Verb = async (context, call) => {
  const { fieldValidation, ...options } = writeOptions('UpdateOptions', call.query);
  const next = await decodeBody<Scale>(call.body, scaleKind, { fieldValidation, warn: call.warn });
  checkName(call, next);
  return rescale(context, call, options, () => next);
};

const patchScale: Verb = (context, call) => {
  const { fieldValidation, ...options } = writeOptions('PatchOptions', call.query);
  return rescale(context, call, options, patcher<Scale>(call.body, scaleKind, { fieldValidation, warn: call.warn }));
};

async function rescale(
  { registry }: VerbContext,
  { definition, key, user, warn }: Call,
  { dryRun }: Pick<WriteOptions, 'dryRun'>,
  nextScale: (current: Scale) => Scale,
) {
  const change = (current: KubernetesObject): KubernetesObject => {
    const next = nextScale(scaleOf(definition, current));
    const replicas = next.spec?.replicas ?? 0;
    if (replicas < 0) {
      const error = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
      throw invalid('autoscaling', 'Scale', key.name, [error]);
    }
    checkIsCurrent(definition, next, current);
    return rescaled(definition, current, next);
  };
  const object = await registry.update(definition, key, change, { user, dryRun, warn, subresource: 'scale' });
  return { kind: 'object', code: 200, object: scaleOf(definition, object) } as const;
}

export const scale: Subresource = {
  name: 'scale',
  servedFor: ({ subresources }) => subresources.includes('scale'),
  verbs: { get: getScale, update: updateScale, patch: patchScale },
  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
};
