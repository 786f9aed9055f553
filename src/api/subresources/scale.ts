import { invalid, invalidValue } from '../../domain/meta/field-error.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import type { KubernetesObject, LabelSelector } from '../../domain/meta/types.ts';
import { formatSelector } from '../../domain/resources/format-selector.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { checkIsCurrent, checkName } from '../object-identity.ts';
import type { Call, Verb, VerbContext } from '../verb.ts';
import { patcher } from '../verbs/patch.ts';
import { writeOptions, type WriteOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

/** What all kinds that can be scaled have in common. */
type Scalable = KubernetesObject & {
  spec?: { replicas?: number; selector?: LabelSelector };
  status?: { replicas?: number };
};

/** autoscaling/v1 Scale */
type Scale = KubernetesObject & {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
};

const scaleKind = { apiVersion: 'autoscaling/v1', kind: 'Scale' };

function scaleOf(object: Scalable): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metaOf(object);
  const given = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  const selector = object.spec?.selector;
  return {
    ...scaleKind,
    metadata: Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    spec: { replicas: object.spec?.replicas ?? 0 },
    status: {
      replicas: object.status?.replicas ?? 0,
      ...(selector === undefined ? {} : { selector: formatSelector(selector) }),
    },
  };
}

const getScale: Verb = ({ registry }, { definition, key }) => ({
  kind: 'object',
  code: 200,
  object: scaleOf(registry.get(definition, key)),
});

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
  const change = (current: Scalable): Scalable => {
    const next = nextScale(scaleOf(current));
    const replicas = next.spec?.replicas ?? 0;
    if (replicas < 0) {
      const error = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
      throw invalid('autoscaling', 'Scale', key.name, [error]);
    }
    checkIsCurrent(definition, next, current);
    return { ...current, spec: { ...current.spec, replicas } };
  };
  const object = await registry.update(definition, key, change, { user, dryRun, warn, subresource: 'scale' });
  return { kind: 'object', code: 200, object: scaleOf(object) } as const;
}

export const scale: Subresource = {
  name: 'scale',
  servedFor: ({ subresources }) => subresources.includes('scale'),
  verbs: { get: getScale, update: updateScale, patch: patchScale },
  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
};
