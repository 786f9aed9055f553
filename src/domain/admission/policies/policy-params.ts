import { fromLabelSelector, matches } from '../../meta/label-selector.ts';
import { metaOf } from '../../meta/object-key.ts';
import type {
  KubernetesObject,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicySpec,
} from '../../meta/types.ts';
import { apiVersionOf, type ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest, Lister } from '../chain.ts';

/** What the policy is asked with, once for each; null is a policy without parameters. */
export type Params =
  | { kind: 'found'; params: readonly (KubernetesObject | null)[] }
  | { kind: 'misconfigured'; message: string };

type BindingSpec = NonNullable<ValidatingAdmissionPolicyBinding['spec']>;

/** apiserver pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams */
export function paramsOf(
  { paramKind }: ValidatingAdmissionPolicySpec,
  { paramRef }: BindingSpec,
  request: AdmissionRequest,
  lister: Lister,
  kinds: readonly ResourceDefinition[],
): Params {
  if (paramKind === undefined || paramRef === undefined) return { kind: 'found', params: [null] };
  const { apiVersion = '', kind = '' } = paramKind;
  const definition = kinds.find(
    (one) => one.isServed && !one.isComputed && apiVersionOf(one) === apiVersion && one.kind === kind,
  );
  if (definition === undefined)
    return misconfigured(`failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`);
  if (paramRef.namespace !== undefined && definition.scope === 'Cluster')
    return misconfigured('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = definition.scope === 'Cluster' ? '' : (paramRef.namespace ?? request.key.namespace);
  if (namespace === '' && definition.scope === 'Namespaced')
    return misconfigured(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources without specifying a namespace',
    );
  const params = find(paramRef, definition, namespace, lister);
  if (params.length > 0 || paramRef.parameterNotFoundAction === 'Allow') return { kind: 'found', params };
  return misconfigured('no params found for policy binding with `Deny` parameterNotFoundAction');
}

const misconfigured = (message: string): Params => ({ kind: 'misconfigured', message });

function find(
  { name, selector }: NonNullable<BindingSpec['paramRef']>,
  definition: ResourceDefinition,
  namespace: string,
  lister: Lister,
): readonly KubernetesObject[] {
  if (name) {
    const found = lister.find(definition, { namespace, name });
    return found ? [found] : [];
  }
  const wanted = fromLabelSelector(selector) ?? [];
  return lister.all(definition, namespace).filter((object) => matches(wanted, metaOf(object).labels));
}
