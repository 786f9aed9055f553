import { systemUser } from '../../meta/user-info.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { mutatingWebhookConfigurations } from '../../resources/mutating-webhook-configuration.ts';
import { nodes } from '../../resources/node.ts';
import type { AdmissionRequest } from '../chain.ts';

/**
 * What no webhook is asked about: the configurations of webhooks, so that a broken one can always be taken away (apiserver
 * pkg/admission/plugin/webhook/predicates/rules/rules.go IsExemptAdmissionConfigurationResource), and what k2d only states as a fact.
 */
export const isExempt = (request: AdmissionRequest): boolean =>
  request.definition.group === mutatingWebhookConfigurations.group || (request.user === systemUser && isFact(request));

/**
 * The machine it runs on, containers that somebody else made, and the node of a pod are no wishes that could be refused; the kubelet
 * starts nothing, not even a webhook's own pod, before the node is registered.
 */
const isFact = ({ definition, subresource, object, oldObject }: AdmissionRequest): boolean =>
  (definition.group === nodes.group && definition.plural === nodes.plural) ||
  subresource === 'binding' ||
  [object, oldObject].some((candidate) => candidate !== undefined && isForeign(candidate));
