import { describe, expect, it } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { containerLabels, engineName, label, needsSandbox, podFromManifest } from './pod-identity.ts';

const podOf = (namespace: string, names: string[], init: string[] = []): Pod => ({
  metadata: { name: 'web', namespace, uid: 'u', managedFields: [{ manager: 'kubectl' }] },
  spec: {
    containers: names.map((name) => ({ name, image: 'i' })),
    initContainers: init.map((name) => ({ name, image: 'i' })),
  },
  status: { phase: 'Running' },
});

describe('engineName', () => {
  it.each([
    [podOf('default', ['c']), 'c', 'web'],
    [podOf('plant', ['c']), 'c', 'web__plant'],
    [podOf('default', ['a', 'b']), 'a', 'web_a'],
    [podOf('plant', ['a', 'b']), 'b', 'web_b_plant'],
    [podOf('default', ['c'], ['i']), 'i', 'web_i'],
    [podOf('plant', ['c'], ['i']), 'i', 'web_i_plant'],
    [podOf('plant', ['a', 'b']), undefined, 'web__plant'],
    [{ ...podOf('default', ['c']), metadata: { name: 'p', namespace: 'default' } }, 'c', 'p_'],
  ])('case %#', (pod, container, name) => expect(engineName(pod, container)).toBe(name));
});

it('needs a sandbox only for containers that run side by side', () => {
  expect(needsSandbox(podOf('default', ['c'], ['i', 'j']))).toBe(false);
  expect(needsSandbox(podOf('default', ['a', 'b']))).toBe(true);
});

it('keeps the manifest as it was asked for: without status and field owners', () => {
  const pod = podOf('default', ['c']);
  const labels = containerLabels(pod, pod.spec!.containers[0]!, 'k2d', '10.42.0.2', 3);
  const manifest = JSON.parse(labels[label.manifest]!) as Pod;
  expect(manifest).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'u' },
    spec: pod.spec,
  });
  expect(labels[label.attempt]).toBe('3');
});

it('finds the pod again in its manifest, without its owner', () => {
  const pod = podOf('plant', ['c']);
  const owned = {
    ...pod,
    metadata: {
      ...pod.metadata,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'o' }],
    },
  };
  const labels = containerLabels(owned, pod.spec!.containers[0]!, 'k2d', undefined, 0);
  expect(podFromManifest(labels[label.manifest]!)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'plant', uid: 'u' },
    spec: pod.spec,
  });
  expect(podFromManifest('{')).toBeUndefined();
  expect(podFromManifest('{"metadata":{}}')).toBeUndefined();
});
