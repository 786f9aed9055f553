import { createHash } from 'node:crypto';
import type { Container, Pod } from '../../meta/types.ts';
import { givenBy } from '../container-spec/given-resources.ts';
import { sidecarsOf } from './container-kinds.ts';

/** Labels by which k2d knows its own containers again, from the engine alone. */
export const label = {
  instance: 'k2d.io/instance',
  podUid: 'k2d.io/pod-uid',
  podName: 'k2d.io/pod-name',
  podNamespace: 'k2d.io/pod-namespace',
  podIp: 'k2d.io/pod-ip',
  container: 'k2d.io/container',
  /** How often this container was made anew before. */
  attempt: 'k2d.io/attempt',
  /** Of the part of the container's spec that may change in place. */
  specHash: 'k2d.io/spec-hash',
  /** Limits and requests that it was made with. */
  resources: 'k2d.io/resources',
  manifest: 'k2d.io/manifest',
  /** The further networks that it joined, with its addresses there. */
  networks: 'k2d.io/networks',
} as const;

/**
 * `web`, or `web__plant` in another namespace than default; with several containers `web_app` and `web_app_plant`. Reads naturally in
 * `docker ps`, and no two pods share one: names of Kubernetes objects have no underscore.
 */
export function engineName(pod: Pod, container?: string): string {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const own = container !== undefined && needsSandbox(pod) ? container : '';
  const inner = container !== undefined && isBesideMain(pod, container) ? container : own;
  const suffix = namespace === 'default' ? [inner].filter((part) => part !== '') : [inner, namespace];
  // Docker wants two characters; no other name of ours ends with an underscore.
  return [name, ...suffix].join('_').padEnd(2, '_');
}

/** Only containers that run at the same time need a sandbox beside them to share a network. */
export const needsSandbox = (pod: Pod): boolean => (pod.spec?.containers.length ?? 0) + sidecarsOf(pod).length > 1;

const isBesideMain = (pod: Pod, name: string): boolean => pod.spec?.containers.every((c) => c.name !== name) ?? false;

export const sandboxLabels = (pod: Pod, instance: string, ip: string | undefined): Record<string, string> => ({
  [label.instance]: instance,
  [label.podUid]: pod.metadata?.uid ?? '',
  [label.podName]: pod.metadata?.name ?? '',
  [label.podNamespace]: pod.metadata?.namespace ?? '',
  ...(ip === undefined ? {} : { [label.podIp]: ip }),
});

export const containerLabels = (
  pod: Pod,
  container: Container,
  instance: string,
  ip: string | undefined,
  attempt: number,
): Record<string, string> => ({
  ...sandboxLabels(pod, instance, ip),
  [label.container]: container.name,
  [label.attempt]: String(attempt),
  [label.specHash]: specHash(container),
  [label.resources]: JSON.stringify(givenBy(container)),
  [label.manifest]: manifest(pod),
});

/** The image is all that may change while the container lives (kubernetes pkg/apis/core/validation ValidatePodUpdate). */
export const specHash = (container: Container): string =>
  createHash('sha256')
    .update(container.image ?? '')
    .digest('hex')
    .slice(0, 16);

/** The pod as it was asked for, to rebuild it from the engine; field owners and status are not intent. */
function manifest(pod: Pod): string {
  const { managedFields: _managed, ...metadata } = pod.metadata ?? {};
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: pod.spec });
}

/**
 * Inverse of the manifest label. The owner is left out: it was lost too, and would have the pod collected as garbage; applied
 * again, it adopts the pod by its labels. Undefined for a label that somebody else wrote.
 */
export function podFromManifest(text: string): Pod | undefined {
  try {
    const pod = JSON.parse(text) as Pod;
    const { name, namespace, uid } = pod.metadata ?? {};
    if (!name || !namespace || !uid || !pod.spec?.containers.length) return undefined;
    const { ownerReferences: _owners, resourceVersion: _version, ...metadata } = pod.metadata!;
    return { ...pod, metadata };
  } catch {
    return undefined;
  }
}
