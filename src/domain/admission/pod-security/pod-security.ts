import { invalid } from '../../meta/field-error.ts';
import { metaOf } from '../../meta/object-key.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { Namespace, Pod } from '../../meta/types.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { namespaces } from '../../resources/namespace.ts';
import { podTemplateOf, workloads } from '../../resources/pod-template-of.ts';
import { pods } from '../../resources/pod.ts';
import { groupResource, resourceName } from '../../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from '../chain.ts';
import { checkedPod, type CheckedPod } from './check.ts';
import { type LevelVersion, violations } from './checks.ts';
import { namespaceWarnings } from './namespace-warnings.ts';
import { compareLevels, formatLevel, readPolicy, type ReadPolicy } from './policy.ts';

/**
 * The Pod Security Standards by labels of namespaces: pods that violate what is enforced are refused, and whoever writes workloads or
 * labels is warned. There is no audit log, so what `audit` asks for is only checked for its form.
 */
export const podSecurity = (): AdmissionPlugin => ({
  name: 'PodSecurity',
  validate(request, lister) {
    if (request.operation === 'DELETE' || !request.object) return;
    const resource = resourceName(request.definition);
    if (resource === resourceName(namespaces)) validateNamespace(request, lister);
    else if (resource === resourceName(pods)) validatePod(request, lister);
    else if (workloads.has(resource)) validateWorkload(request, lister);
  },
});

function validateNamespace(
  { subresource, operation, object, oldObject, warn }: AdmissionRequest,
  lister: Lister,
): void {
  if (subresource !== undefined) return;
  const { policy, errors } = readPolicy(metaOf(object!).labels);
  const before = operation === 'UPDATE' ? readPolicy(metaOf(oldObject!).labels) : undefined;
  const known = new Set(before?.errors.map((error) => `${error.field}${error.message}`));
  const name = metaOf(object!).name ?? '';
  if (errors.some((error) => !known.has(`${error.field}${error.message}`)))
    throw invalid('', namespaces.kind, name, errors);
  if (!before || !isStricter(policy.enforce, before.policy.enforce)) return;
  const own = lister.all(pods, name).filter((pod) => !isForeign(pod));
  for (const warning of namespaceWarnings(name, own, policy.enforce)) warn(warning);
}

const isStricter = (next: LevelVersion, before: LevelVersion): boolean =>
  next.level !== 'privileged' && (next.version === before.version ? compareLevels(next.level, before.level) > 0 : true);

function validatePod(request: AdmissionRequest, lister: Lister): void {
  const { subresource, key, warn } = request;
  const [pod, before] = [request.object as Pod, request.oldObject as Pod | undefined];
  if (isForeign(pod) || !(subresource === undefined || evaluated.has(subresource))) return;
  if (before && !isSignificant(pod, before)) return;
  const { policy } = policyOf(request, lister);
  const checked = checkedPod(pod.metadata, pod.spec ?? { containers: [] });
  const refusal = told(policy.enforce, checked);
  if (refusal !== undefined)
    throw forbidden(groupResource(pods), key.name, `violates PodSecurity "${formatLevel(policy.enforce)}": ${refusal}`);
  warnOf(policy.warn, checked, warn);
}

/** Through these a client may change what runs. */
const evaluated: ReadonlySet<string> = new Set(['ephemeralcontainers', 'resize']);

/** Everything else that may change about a pod harms nobody (isSignificantPodUpdate). */
const isSignificant = (next: Pod, before: Pod): boolean => imagesOf(next) !== imagesOf(before);

const imagesOf = ({ metadata, spec }: Pod): string =>
  JSON.stringify(checkedPod(metadata, spec ?? { containers: [] }).containers.map(({ name, image }) => [name, image]));

function validateWorkload(request: AdmissionRequest, lister: Lister): void {
  if (request.subresource !== undefined) return;
  const { policy } = policyOf(request, lister);
  if (policy.warn.level === 'privileged') return;
  const { metadata, spec } = podTemplateOf(request.object!)?.template ?? {};
  if (spec) warnOf(policy.warn, checkedPod(metadata, spec), request.warn);
}

const policyOf = ({ key }: AdmissionRequest, lister: Lister): ReadPolicy =>
  readPolicy(lister.find<Namespace>(namespaces, { namespace: '', name: key.namespace })?.metadata?.labels);

function warnOf(level: LevelVersion, pod: CheckedPod, warn: (text: string) => void): void {
  const text = told(level, pod);
  if (text !== undefined) warn(`would violate PodSecurity "${formatLevel(level)}": ${text}`);
}

function told(level: LevelVersion, pod: CheckedPod): string | undefined {
  const found = violations(level, pod).map(({ reason, detail }) => `${reason} (${detail})`);
  return found.length === 0 ? undefined : found.join(', ');
}
