import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pod } from '../../meta/types.ts';

/**
 * A connection to a TCP port of the pod, as from inside it. Its two directions end one by one; the signal destroys it. Rejects with an Error whose
 * message is for the client, in the words of Kubernetes' error stream (kubernetes pkg/kubelet/server/portforward/httpstream.go portForward).
 */
export async function portForward(pod: Pod, port: number, signal: AbortSignal): Promise<Duplex> {
  try {
    return await dial(pod.status?.podIP ?? '', port, signal);
  } catch (error) {
    const { namespace, name, uid } = pod.metadata ?? {};
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`error forwarding port ${port} to pod ${name}_${namespace}, uid ${uid}: ${cause}`, {
      cause: error,
    });
  }
}

async function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, signal });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once('error', reject).once('connect', () => resolve(socket.off('error', reject)));
  return promise;
}
