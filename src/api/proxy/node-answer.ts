import { nodes } from '../../domain/resources/node.ts';
import type { Answer, Call, VerbContext } from '../verb.ts';
import { backend } from './backend.ts';
import { kubeletAnswer } from './kubelet-answer.ts';
import { proxiedName } from './proxied-name.ts';

/** Where a kubelet listens; k2d's is in this process and answers at once. */
const kubeletPort = '10250';

/** The kubelet's own API, or another port of the machine (kubernetes pkg/registry/core/node/strategy.go ResourceLocation). */
export async function nodeAnswer(context: VerbContext, call: Call): Promise<Answer> {
  const { protocol, name, port } = proxiedName(call.key.name, 'node');
  const node = context.registry.get(nodes, { namespace: '', name });
  if (port === '' || port === kubeletPort) return kubeletAnswer(context, call, name);
  const address = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  return { kind: 'proxy', backend: backend(protocol, address, port), closed: call.closed() };
}
