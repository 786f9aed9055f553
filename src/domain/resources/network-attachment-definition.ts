import type { CustomResourceDefinition, KubernetesObject } from '../meta/types.ts';
import { customResources } from './custom-resource.ts';
import type { ResourceDefinition } from './resource-definition.ts';

export type NetworkAttachmentDefinition = KubernetesObject & { spec?: { config?: string } };

/**
 * The kind of the Network Plumbing Working Group's de-facto standard, version 1.3 (k8snetworkplumbingwg/multi-net-spec). A definition like
 * any user's, so that charts which bring it along find it as they would on a cluster with Multus.
 */
export const networkAttachmentCrd: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'network-attachment-definitions.k8s.cni.cncf.io' },
  spec: {
    group: 'k8s.cni.cncf.io',
    scope: 'Namespaced',
    names: {
      plural: 'network-attachment-definitions',
      singular: 'network-attachment-definition',
      kind: 'NetworkAttachmentDefinition',
      shortNames: ['net-attach-def'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description:
              'A network that pods join beside their own, named in their annotation k8s.v1.cni.cncf.io/networks.',
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                properties: { config: { type: 'string', description: 'A CNI configuration, as JSON.' } },
              },
            },
          },
        },
      },
    ],
  },
};

export const networkAttachmentDefinitions = customResources(
  networkAttachmentCrd,
)[0] as ResourceDefinition<NetworkAttachmentDefinition>;
