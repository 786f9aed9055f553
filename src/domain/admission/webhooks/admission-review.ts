import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest } from '../chain.ts';
import { isNamespace } from './match-rule.ts';
import { reviewedKind, reviewedObject } from './reviewed-object.ts';

export type ReviewVersion = 'v1' | 'v1beta1';

/** The first version of the webhook's list that k2d speaks; the two are written alike. */
export const reviewVersionOf = (accepted: readonly string[]): ReviewVersion | undefined =>
  accepted.find((version): version is ReviewVersion => version === 'v1' || version === 'v1beta1');

/** The question (apiserver pkg/admission/plugin/webhook/request/admissionreview.go CreateV1AdmissionReview). `resource` is as the webhook sees it. */
export function admissionReview(
  request: AdmissionRequest,
  resource: ResourceDefinition,
  { uid, version }: { uid: string; version: ReviewVersion },
) {
  const { operation, definition, subresource, key, object, oldObject, user, dryRun } = request;
  const { name: username, ...credentials } = user;
  const shown = (candidate: typeof object) =>
    candidate === undefined ? null : reviewedObject(candidate, subresource, resource);
  const namespace = isNamespace(definition) ? key.name : key.namespace;
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      uid,
      kind: reviewedKind(subresource, resource),
      resource: groupVersionResource(resource),
      ...(subresource === undefined ? {} : { subResource: subresource }),
      requestKind: reviewedKind(subresource, definition),
      requestResource: groupVersionResource(definition),
      ...(subresource === undefined ? {} : { requestSubResource: subresource }),
      name: key.name,
      ...(namespace === '' ? {} : { namespace }),
      operation,
      userInfo: { username, ...credentials },
      object: shown(object),
      oldObject: shown(oldObject),
      dryRun,
      options: { kind: optionsKind[operation], apiVersion: 'meta.k8s.io/v1', ...(dryRun ? { dryRun: ['All'] } : {}) },
    },
  };
}

const groupVersionResource = ({ group, version, plural }: ResourceDefinition) => ({
  group,
  version,
  resource: plural,
});

const optionsKind = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
} satisfies Record<AdmissionRequest['operation'], string>;
