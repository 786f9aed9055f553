import { invalid, invalidValue } from '../../domain/meta/field-error.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import type { KubernetesObject, LabelSelector } from '../../domain/meta/types.ts';
import { valueAt, withValueAt } from '../../domain/resources/field-names.ts';
import { formatSelector } from '../../domain/resources/format-selector.ts';
import type { ResourceDefinition, ScalePaths } from '../../domain/resources/resource-definition.ts';
import { internalError } from '../../domain/meta/status-error.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { checkIsCurrent, checkName } from '../object-identity.ts';
import type { Call, Verb, VerbContext } from '../verb.ts';
import { patcher } from '../verbs/patch.ts';
import { writeOptions, type WriteOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

/** Where Kubernetes' own kinds have what all kinds that can be scaled have. */
const usualPaths: ScalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  labelSelector: ['spec', 'selector'],
};

/** autoscaling/v1 Scale */
type Scale = KubernetesObject & {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
};

const scaleKind = { apiVersion: 'autoscaling/v1', kind: 'Scale' };

function scaleOf({ scalePaths = usualPaths }: ResourceDefinition, object: KubernetesObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metaOf(object);
  const given = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  const selector = selectorText(scalePaths.labelSelector && valueAt(object, scalePaths.labelSelector));
  const count = (path: readonly string[]) => Number(valueAt(object, path) ?? 0);
  return {
    ...scaleKind,
    metadata: Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    spec: { replicas: count(scalePaths.specReplicas) },
    status: { replicas: count(scalePaths.statusReplicas), ...(selector === undefined ? {} : { selector }) },
  };
}

/** Custom resources write it as text, in their status or their spec. */
const selectorText = (selector: unknown): string | undefined =>
  typeof selector === 'object' && selector !== null
    ? formatSelector(selector as LabelSelector)
    : (selector as string | undefined);

const getScale: Verb = ({ registry }, { definition, key }) => {
  const object = registry.get(definition, key);
  const { specReplicas } = definition.scalePaths ?? usualPaths;
  if (definition.scalePaths !== undefined && valueAt(object, specReplicas) === undefined)
    throw internalError(`the spec replicas field ".${specReplicas.join('.')}" does not exist`);
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
  const { specReplicas } = definition.scalePaths ?? usualPaths;
  const change = (current: KubernetesObject): KubernetesObject => {
    const next = nextScale(scaleOf(definition, current));
    const replicas = next.spec?.replicas ?? 0;
    if (replicas < 0) {
      const error = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
      throw invalid('autoscaling', 'Scale', key.name, [error]);
    }
    checkIsCurrent(definition, next, current);
    return withValueAt(current, specReplicas, replicas);
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
