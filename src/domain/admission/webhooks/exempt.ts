import { systemUser } from '../../meta/user-info.ts';
import { mutatingWebhookConfigurations } from '../../resources/mutating-webhook-configuration.ts';
import { nodes } from '../../resources/node.ts';
import type { AdmissionRequest } from '../chain.ts';

/** Whether k2d knows from the engine what runs. */
export type HasCaughtUp = () => boolean;

/**
 * What no webhook is asked about: the configurations of webhooks, so that a broken one can always be taken away (apiserver
 * pkg/admission/plugin/webhook/predicates/rules/rules.go IsExemptAdmissionConfigurationResource), and of what k2d itself writes all that
 * only states a fact. While it catches up after a start that is everything: in Kubernetes statuses and endpoints outlive a restart, and
 * here a webhook could not be found before they are written again.
 */
export const isExempt = (request: AdmissionRequest, hasCaughtUp: HasCaughtUp): boolean =>
  request.definition.group === mutatingWebhookConfigurations.group ||
  (request.user === systemUser && (!hasCaughtUp() || isFact(request)));

/**
 * The machine, the node of a pod, and what is not kept because it is no intent: endpoints that were computed, events, containers that
 * somebody else made. Without the node the kubelet starts nothing, without endpoints nothing is reached: not even a webhook's own pod.
 */
const isFact = ({ definition, subresource, object, oldObject }: AdmissionRequest): boolean =>
  (definition.group === nodes.group && definition.plural === nodes.plural) ||
  subresource === 'binding' ||
  [object, oldObject].some((candidate) => candidate !== undefined && !definition.isKept(candidate));
