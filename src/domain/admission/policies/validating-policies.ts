import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { forbidden, StatusError, type StatusReason } from '../../meta/status-error.ts';
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '../../meta/types.ts';
import { namespaces } from '../../resources/namespace.ts';
import { groupResource, type ResourceDefinition } from '../../resources/resource-definition.ts';
import { validatingAdmissionPolicies } from '../../resources/validating-admission-policy.ts';
import { validatingAdmissionPolicyBindings } from '../../resources/validating-admission-policy-binding.ts';
import { admissionVariables } from '../admission-variables.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from '../chain.ts';
import { isExempt, type HasCaughtUp } from '../webhooks/exempt.ts';
import type { VersionsOf } from '../webhooks/match-webhook.ts';
import { askPolicy, type Objection } from './ask-policy.ts';
import { matchResources } from './match-policy.ts';
import { paramsOf } from './policy-params.ts';

export type ValidatingPoliciesOptions = {
  versionsOf: VersionsOf;
  /** Every kind there is now, of which parameters may be. */
  kinds: () => readonly ResourceDefinition[];
  hasCaughtUp: HasCaughtUp;
  logger: Logger;
};

/** Holds a write against the expressions of ValidatingAdmissionPolicies that are bound (apiserver pkg/admission/plugin/policy/validating). */
export const validatingPolicies = (options: ValidatingPoliciesOptions): AdmissionPlugin => ({
  name: 'ValidatingAdmissionPolicy',
  validate(request, lister) {
    const bindings = lister.all(validatingAdmissionPolicyBindings);
    if (bindings.length === 0 || isExempt(request, options.hasCaughtUp)) return;
    const refusals = bindings.flatMap((binding) => {
      const policy = lister.find(validatingAdmissionPolicies, { namespace: '', name: binding.spec?.policyName ?? '' });
      return policy === undefined ? [] : enforce(options, policy, binding, request, lister);
    });
    const [first] = refusals;
    if (first) throw refusalOf(request, first);
  },
});

type Refusal = { message: string; reason: string };

/** Does what the binding wants done about objections; answers those that refuse the write. */
function enforce(
  options: ValidatingPoliciesOptions,
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  request: AdmissionRequest,
  lister: Lister,
): Refusal[] {
  const names = `ValidatingAdmissionPolicy '${metaOf(policy).name}' with binding '${metaOf(binding).name}'`;
  const actions: readonly string[] = binding.spec?.validationActions ?? [];
  return objections(options, policy, binding, request, lister).flatMap(({ message, reason }) => {
    if (actions.includes('Warn')) request.warn(`Validation failed for ${names}: ${message}`);
    // There is no audit log that it could be added to.
    if (actions.includes('Audit'))
      options.logger.debug({ policy: metaOf(policy).name, message }, 'a policy was broken');
    return actions.includes('Deny') ? [{ message: `${names} denied request: ${message}`, reason }] : [];
  });
}

function objections(
  { versionsOf, kinds }: ValidatingPoliciesOptions,
  { spec = {} }: ValidatingAdmissionPolicy,
  { spec: bindingSpec }: ValidatingAdmissionPolicyBinding,
  request: AdmissionRequest,
  lister: Lister,
): Objection[] {
  if (bindingSpec === undefined) return [];
  const resource = matchResources(spec.matchConstraints ?? {}, request, lister, versionsOf);
  if (resource === undefined) return [];
  const { matchResources: narrower } = bindingSpec;
  if (narrower !== undefined && matchResources(narrower, request, lister, versionsOf) === undefined) return [];
  const found = paramsOf(spec, bindingSpec, request, lister, kinds());
  if (found.kind === 'misconfigured') {
    const message = `failed to configure binding: ${found.message}`;
    return spec.failurePolicy === 'Ignore' ? [] : [{ message, reason: 'Invalid' }];
  }
  const variables = admissionVariables(request, resource, lister);
  const namespaceObject = namespaceOf(request, lister);
  return found.params.flatMap((params) => askPolicy(spec, { request: variables, params, namespaceObject }));
}

const namespaceOf = ({ key, definition }: AdmissionRequest, lister: Lister) =>
  definition.scope === 'Cluster' ? undefined : lister.find(namespaces, { namespace: '', name: key.namespace });

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

/** The texts of a 403 under the policy's own reason (validating/dispatcher.go). */
function refusalOf({ definition, key }: AdmissionRequest, { message, reason }: Refusal): StatusError {
  const { status } = forbidden(groupResource(definition), key.name, message, [{ reason: '', message }]);
  return new StatusError(codes[reason] ?? 422, reason as StatusReason, status.message ?? message, status.details);
}
