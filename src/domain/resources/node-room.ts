import { amountOf, amountText, sumOf } from '../meta/resource-list.ts';
import type { Node, Pod, ResourceList } from '../meta/types.ts';
import { podResources } from './pod-resources.ts';

const requestsOf = ({ spec }: Pod): ResourceList => podResources(spec, 'requests');

const allocatableOf = (node: Node | undefined): ResourceList | undefined => node?.status?.allocatable;

/** What the pod asks for and the node has left too little of (kubernetes pkg/scheduler/framework/plugins/noderesources/fit.go). */
export function shortages(pod: Pod, node: Node | undefined, others: readonly Pod[]): string[] {
  const allocatable = allocatableOf(node);
  if (allocatable === undefined) return [];
  const requests = requestsOf(pod);
  const wanted = Object.keys(requests).filter((name) => amountOf(requests, name).nano > 0n);
  const total = wanted.length === 0 ? {} : sumOf([...others.map(requestsOf), requests]);
  return [
    ...(amountOf(allocatable, 'pods').nano < BigInt(others.length + 1) * 10n ** 9n ? ['Too many pods'] : []),
    ...wanted
      .filter((name) => amountOf(total, name).nano > amountOf(allocatable, name).nano)
      .map((name) => `Insufficient ${name}`),
  ];
}

/** Of these no device has more tomorrow; disks are replaced, and devices that others announce come and go. */
const fixed = ['cpu', 'memory'];

/** `memory (64Gi of 3814Mi)`: what even the empty node has too little of, for ever; empty when the pod could fit some day. */
export function beyondAllocatable(pod: Pod, node: Node | undefined): string[] {
  const allocatable = allocatableOf(node);
  if (allocatable === undefined) return [];
  const requests = requestsOf(pod);
  return fixed
    .filter((name) => amountOf(requests, name).nano > amountOf(allocatable, name).nano)
    .map((name) => `${name} (${amountText(requests, name)} of ${amountText(allocatable, name) ?? 0})`);
}
