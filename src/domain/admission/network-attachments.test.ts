import { expect, it } from 'vitest';
import type { KubernetesObject } from '../meta/types.ts';
import { networkAttachmentDefinitions } from '../resources/network-attachment-definition.ts';
import { pods } from '../resources/pod.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { networkAttachments } from './network-attachments.ts';

async function ask(definition: ResourceDefinition, object: object): Promise<string[]> {
  const warnings: string[] = [];
  const whole = { ...object } as KubernetesObject;
  const request = { ...clientRequest(definition, whole), warn: (text: string) => void warnings.push(text) };
  await networkAttachments().validate?.(request, listerOf());
  return warnings;
}

const definition = (config: object | string) => ({
  metadata: { name: 'plant', namespace: 'line' },
  spec: { config: typeof config === 'string' ? config : JSON.stringify(config) },
});
const pod = (text: string) => ({
  metadata: { name: 'plc', namespace: 'line', annotations: { 'k8s.v1.cni.cncf.io/networks': text } },
  spec: { containers: [] },
});
const ipam = { type: 'host-local', subnet: '10.9.8.0/24' };

it('takes what can be made', async () => {
  expect(await ask(pods, pod('plant@net1'))).toEqual([]);
  expect(await ask(networkAttachmentDefinitions, definition({ type: 'macvlan', master: 'eth0', ipam }))).toEqual([]);
});

it('refuses an annotation that cannot be read', async () => {
  await expect(ask(pods, pod('[{'))).rejects.toThrow(
    'Pod "plc" is invalid: metadata.annotations[k8s.v1.cni.cncf.io/networks]: Invalid value: "[{": not JSON',
  );
});

it('refuses a configuration that no plugin would take', async () => {
  await expect(ask(networkAttachmentDefinitions, definition('{'))).rejects.toThrow(
    'NetworkAttachmentDefinition.k8s.cni.cncf.io "plant" is invalid: spec.config: Invalid value: "{": it is no JSON object',
  );
});

it('warns of what is beyond k2d', async () => {
  expect(await ask(networkAttachmentDefinitions, definition({ type: 'sriov' }))).toEqual([
    'spec.config: k2d cannot carry out type "sriov"; it can be macvlan or bridge',
  ]);
});
