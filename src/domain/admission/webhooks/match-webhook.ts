import { fromLabelSelector, matches, type Labels, type Selector } from '../../meta/label-selector.ts';
import { metaOf } from '../../meta/object-key.ts';
import { notFound } from '../../meta/status-error.ts';
import type { KubernetesObject, LabelSelector } from '../../meta/types.ts';
import { namespaces } from '../../resources/namespace.ts';
import { groupResource, type ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest, Lister } from '../chain.ts';
import type { Webhook } from './configured-webhooks.ts';
import { meetsConditions } from './match-conditions.ts';
import { isNamespace, matchRule } from './match-rule.ts';

/** All versions under which a resource is served, itself included. */
export type VersionsOf = (definition: ResourceDefinition) => readonly ResourceDefinition[];

/**
 * As which version of its resource the webhook is to see the request; undefined when it is not to be asked at all. Throws 404 when a
 * namespace is to be selected that is gone, and 403 when a condition cannot be evaluated (apiserver
 * pkg/admission/plugin/webhook/generic/webhook.go ShouldCallHook).
 */
export function matchWebhook(
  webhook: Webhook,
  request: AdmissionRequest,
  lister: Lister,
  versionsOf: VersionsOf,
): ResourceDefinition | undefined {
  const resource = matchTarget(webhook, request, lister, versionsOf);
  return resource !== undefined && meetsConditions(webhook, request, resource, lister) ? resource : undefined;
}

export type Target = Pick<Webhook, 'rules' | 'matchPolicy' | 'objectSelector' | 'namespaceSelector'>;

/** The same by rules and selectors alone. */
export function matchTarget(
  target: Target,
  request: AdmissionRequest,
  lister: Lister,
  versionsOf: VersionsOf,
): ResourceDefinition | undefined {
  const resource = matchResource(target, request, versionsOf);
  if (resource === undefined || !matchObject(target.objectSelector, request)) return undefined;
  return matchNamespace(target.namespaceSelector, request, lister) ? resource : undefined;
}

/** A rule for the version of the request comes first; by `Equivalent` any other version will do. */
function matchResource(
  { rules = [], matchPolicy }: Target,
  request: AdmissionRequest,
  versionsOf: VersionsOf,
): ResourceDefinition | undefined {
  const { definition } = request;
  if (rules.some((rule) => matchRule(rule, request, definition))) return definition;
  if (matchPolicy === 'Exact') return undefined;
  const versions = versionsOf(definition);
  return rules.flatMap((rule) => versions.filter((version) => matchRule(rule, request, version))).at(0);
}

/** An empty selector is the default and chooses everything. */
const selectorOf = (selector: LabelSelector | undefined): Selector => fromLabelSelector(selector) ?? [];

/** What is there before or after the write may match: no webhook is escaped by taking off a label. */
function matchObject(wanted: LabelSelector | undefined, { object, oldObject }: AdmissionRequest): boolean {
  const selector = selectorOf(wanted);
  const chosen = (candidate: KubernetesObject | undefined) =>
    candidate !== undefined && matches(selector, metaOf(candidate).labels);
  return selector.length === 0 || chosen(object) || chosen(oldObject);
}

function matchNamespace(wanted: LabelSelector | undefined, request: AdmissionRequest, lister: Lister): boolean {
  const selector = selectorOf(wanted);
  if (selector.length === 0) return true;
  if (isNamespace(request.definition)) return matches(selector, ownLabels(request));
  // Other cluster-scoped objects are in no namespace that could be left out.
  return request.definition.scope === 'Cluster' || matches(selector, namespaceLabels(request, lister));
}

/** Of the namespace that is written itself, as it will be. */
const ownLabels = ({ object, oldObject, subresource }: AdmissionRequest): Labels | undefined =>
  metaOf((subresource === undefined ? object : undefined) ?? oldObject ?? {}).labels;

function namespaceLabels({ key }: AdmissionRequest, lister: Lister): Labels | undefined {
  const namespace = lister.find(namespaces, { namespace: '', name: key.namespace });
  if (!namespace) throw notFound(groupResource(namespaces), key.namespace);
  return metaOf(namespace).labels;
}
