import type { NetworkAttachment } from '../../container-runtime/pod-sandbox.ts';
import { label } from '../pod/pod-identity.ts';

/** One of a pod's further networks, with the definition that it came from: `namespace/name`. */
export type PodAttachment = NetworkAttachment & { definition: string };

/** On every sandbox of the pod, so that its addresses are known from the engine alone. */
export const attachmentLabels = (attachments: readonly PodAttachment[] = []): Record<string, string> =>
  attachments.length === 0 ? {} : { [label.networks]: JSON.stringify(attachments) };

/** Inverse of attachmentLabels; undefined without the label, or for one that somebody else wrote. */
export function attachmentsOf(labels: Readonly<Record<string, string>>): readonly PodAttachment[] | undefined {
  try {
    const read: unknown = JSON.parse(labels[label.networks] ?? 'null');
    return Array.isArray(read) && read.every(isAttachment) ? read : undefined;
  } catch {
    return undefined;
  }
}

const isAttachment = (value: Partial<PodAttachment> | null): value is PodAttachment =>
  typeof value?.network === 'string' && typeof value.ip === 'string' && typeof value.definition === 'string';
