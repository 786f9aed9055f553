import type { KubernetesObject } from '../../meta/types.ts';
import { apiVersionOf, type ResourceDefinition } from '../../resources/resource-definition.ts';
import { rescaled, scaleKind, scaleOf, type Scale } from '../../resources/scale.ts';
import type { AdmissionRequest } from '../chain.ts';

type Asked = Pick<AdmissionRequest, 'definition' | 'subresource'>;

/** The kind that a webhook sees: the resource's own, or that of the endpoint. */
export const reviewedKind = (subresource: string | undefined, { group, version, kind }: ResourceDefinition) =>
  subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: scaleKind.kind } : { group, version, kind };

/** The object as a webhook sees it. Versions of a resource differ in their names only. */
export const reviewedObject = (
  object: KubernetesObject,
  subresource: string | undefined,
  resource: ResourceDefinition,
): KubernetesObject =>
  subresource === 'scale'
    ? scaleOf(resource, object)
    : { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };

/** Puts what a webhook made of that back into the object that is written: the way back of `reviewedObject`. */
export const unreviewed = (
  changed: KubernetesObject,
  object: KubernetesObject,
  { subresource, definition }: Asked,
): KubernetesObject =>
  subresource === 'scale'
    ? rescaled(definition, object, changed as Scale)
    : { ...changed, apiVersion: apiVersionOf(definition), kind: definition.kind };
