import type { KubernetesObject } from '../../domain/meta/types.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import { badRequest } from '../../domain/meta/status-error.ts';
import { pods } from '../../domain/resources/pod.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { checkedDeleteOptions, type WireDeleteOptions } from '../delete-options.ts';
import type { Verb } from '../verb.ts';
import { writeOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

const evictionKind = { group: 'policy', version: 'v1', kind: 'Eviction' };
const expected = { apiVersion: `${evictionKind.group}/${evictionKind.version}`, kind: evictionKind.kind };

type Eviction = KubernetesObject & { deleteOptions?: WireDeleteOptions };

/**
 * Deletes the pod, as `kubectl drain` asks for it (kubernetes pkg/registry/core/pod/storage/eviction.go). No disruption budget is served, so
 * none stands in the way.
 */
const evict: Verb = async ({ registry }, { definition, key, body, query, user, warn }) => {
  const { fieldValidation, dryRun } = writeOptions('CreateOptions', query);
  const asked = await decodeBody<Eviction>(body, expected, { fieldValidation, warn });
  if (metaOf(asked).name !== key.name) throw badRequest('name in URL does not match name in Eviction object');
  const { wantsAccepted: _, ...options } = checkedDeleteOptions(asked.deleteOptions ?? {});
  await registry.delete(definition, key, { ...options, dryRun: dryRun || options.dryRun === true, user, warn });
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } as const;
  return { kind: 'status', code: 201, status };
};

export const eviction: Subresource = {
  name: 'eviction',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { create: evict },
  responseKind: evictionKind,
};
