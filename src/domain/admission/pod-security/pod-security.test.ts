import { expect, test } from 'vitest';
import type { KubernetesObject, Namespace, Pod, PodSpec } from '../../meta/types.ts';
import { deployments } from '../../resources/deployment.ts';
import { namespaces } from '../../resources/namespace.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { clientRequest } from '../client-request.ts';
import { listerOf } from '../lister-of.ts';
import { podSecurity } from './pod-security.ts';

const labelled = (labels: Record<string, string>): Namespace => ({
  metadata: {
    name: 'plant',
    labels: Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]),
    ),
  },
});

const pod = (name: string, spec: Partial<PodSpec> = {}): Pod => ({
  metadata: { name, namespace: 'plant' },
  spec: { containers: [{ name: 'a', image: 'i' }], ...spec },
});

function admit<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  labels: Record<string, string>,
  object: T,
  oldObject?: T,
  stored: Pod[] = [],
): string[] {
  const warned: string[] = [];
  const request = { ...clientRequest(definition, object, oldObject), warn: (text: string) => void warned.push(text) };
  const lister = listerOf(
    { definition: namespaces, objects: [labelled(labels)] },
    { definition: pods, objects: stored },
  );
  void podSecurity().validate?.(request, lister);
  return warned;
}

const hostPid = { hostPID: true };

test('a pod that violates what is enforced is refused', () => {
  expect(() => admit(pods, { enforce: 'baseline' }, pod('p', hostPid))).toThrow(
    'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID)',
  );
  expect(() => admit(pods, { enforce: 'baseline', 'enforce-version': 'v1.30' }, pod('p', hostPid))).toThrow(
    'violates PodSecurity "baseline:v1.30"',
  );
  expect(admit(pods, {}, pod('p', hostPid))).toEqual([]);
  expect(admit(pods, { enforce: 'baseline' }, pod('p'))).toEqual([]);
});

test('labels that cannot be read ask for the most', () =>
  expect(() => admit(pods, { enforce: 'strict' }, pod('p'))).toThrow('violates PodSecurity "restricted:latest"'));

test('a pod that violates what is warned of comes with a warning', () =>
  expect(admit(pods, { warn: 'baseline' }, pod('p', hostPid))).toEqual([
    'would violate PodSecurity "baseline:latest": host namespaces (hostPID)',
  ]));

test('a pod that is there may change, except for what it runs', () => {
  const [labels, before] = [{ enforce: 'baseline' }, pod('p', hostPid)];
  expect(admit(pods, labels, { ...before, metadata: { ...before.metadata, labels: { a: 'b' } } }, before)).toEqual([]);
  const changed = pod('p', { ...hostPid, containers: [{ name: 'a', image: 'j' }] });
  expect(() => admit(pods, labels, changed, before)).toThrow('violates PodSecurity');
});

test('workloads are warned of, and never refused', () => {
  const template = { spec: { containers: [{ name: 'a' }], hostPID: true } };
  const deployment = { metadata: { name: 'd', namespace: 'plant' }, spec: { selector: {}, template } };
  expect(admit(deployments, { enforce: 'baseline' }, deployment)).toEqual([]);
  expect(admit(deployments, { enforce: 'baseline', warn: 'baseline' }, deployment)).toEqual([
    'would violate PodSecurity "baseline:latest": host namespaces (hostPID)',
  ]);
});

test('labels of namespaces are checked', () => {
  expect(() => admit(namespaces, {}, labelled({ enforce: 'strict', 'warn-version': '1.30' }))).toThrow(
    'Namespace "plant" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"]',
  );
  const bad = labelled({ enforce: 'strict' });
  expect(admit(namespaces, {}, bad, bad)).toEqual([]);
});

test('a stricter namespace tells which of its pods violate it', () => {
  const stored = [pod('c', hostPid), pod('b', hostPid), pod('a', { hostNetwork: true }), pod('d'), pod('e', hostPid)];
  const warned = (before: Record<string, string>, next: Record<string, string>) =>
    admit(namespaces, {}, labelled(next), labelled(before), stored);
  expect(warned({}, { enforce: 'baseline' })).toEqual([
    'existing pods in namespace "plant" violate the new PodSecurity enforce level "baseline:latest"',
    'a (and 3 other pods): host namespaces',
  ]);
  expect(warned({ enforce: 'restricted' }, { enforce: 'baseline' })).toEqual([]);
  expect(warned({ enforce: 'baseline' }, { enforce: 'baseline', warn: 'restricted' })).toEqual([]);
});
