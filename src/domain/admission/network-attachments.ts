import { invalid, invalidValue, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { cniConfig } from '../resources/cni-config.ts';
import {
  networkAttachmentDefinitions,
  type NetworkAttachmentDefinition,
} from '../resources/network-attachment-definition.ts';
import { networksAnnotation, networkSelections } from '../resources/network-selection.ts';
import { pods } from '../resources/pod.ts';
import { resourceName } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/**
 * Networks of pods that nobody could make are refused when they are written, rather than when a pod wants them. What is only beyond
 * k2d is stored with a warning: it may be for another cluster.
 */
export const networkAttachments = (): AdmissionPlugin => ({
  name: 'NetworkAttachments',
  validate(request) {
    checkAnnotation(request);
    checkConfig(request);
  },
});

function checkAnnotation(request: AdmissionRequest): void {
  const pod = newPodOf(request);
  const text = pod && metaOf(pod).annotations?.[networksAnnotation];
  const asked = networkSelections(text, request.key.namespace);
  if (asked.kind === 'malformed')
    refuse(request, pods, invalidValue(`metadata.annotations[${networksAnnotation}]`, text, asked.message));
}

function checkConfig(request: AdmissionRequest): void {
  const { definition, operation, object, oldObject, warn } = request;
  if (operation === 'DELETE' || resourceName(definition) !== resourceName(networkAttachmentDefinitions)) return;
  const text = configOf(object);
  // What is going must not be kept by what has been wrong with it.
  if (text === configOf(oldObject) && oldObject !== undefined) return;
  const read = cniConfig(text);
  if (read.kind === 'malformed') refuse(request, definition, invalidValue('spec.config', text, read.message));
  if (read.kind === 'unsupported') warn(`spec.config: k2d cannot carry out ${read.message}`);
}

const configOf = (object: KubernetesObject | undefined): string | undefined =>
  (object as NetworkAttachmentDefinition | undefined)?.spec?.config;

function refuse({ key }: AdmissionRequest, { group, kind }: { group: string; kind: string }, error: FieldError): void {
  throw invalid(group, kind, key.name, [error]);
}
