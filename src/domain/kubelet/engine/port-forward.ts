import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PodSandboxes } from '../../container-runtime/pod-sandbox.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Pod } from '../../meta/types.ts';
import { errorMessage } from '../../meta/error-message.ts';

export type PortForwardOptions = {
  sandboxes: Pick<PodSandboxes, 'portForward'>;
  /** An engine without root: the host's network is not the one that k2d is in. */
  rootless: boolean;
};

/** Pods are on a bridge of this host, where nobody is slow to answer: longer only lasts what a firewall in the pod drops. */
const DIAL_TIMEOUT_MS = 3000;

/**
 * A connection to a TCP port of the pod, as from inside it: at its address, which costs nothing, else at its localhost. Its two directions end one
 * by one; the signal destroys it, without an error. Rejects with an Error whose message is what Kubernetes writes to the error stream
 * (kubernetes pkg/kubelet/server/portforward/httpstream.go portForward; containerd internal/cri/server/sandbox_portforward_linux.go).
 */
export async function portForward(
  pod: Pod,
  port: number,
  options: PortForwardOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    return await connectTo(pod, port, options, signal);
  } catch (error) {
    const { namespace, name, uid } = pod.metadata ?? {};
    const message = `error forwarding port ${port} to pod ${name}_${namespace}, uid ${uid}: ${reasonOf(error, port, uid)}`;
    throw new Error(message, { cause: error });
  }
}

async function connectTo(
  pod: Pod,
  port: number,
  { sandboxes, rootless }: PortForwardOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  const address = addressOf(pod, rootless);
  try {
    if (address !== undefined) return await dial(address, port, signal);
  } catch (error) {
    // Of pods in this very network, localhost has been tried.
    if (signal.aborted || pod.spec?.hostNetwork) throw error;
  }
  const id = runningContainer(pod);
  if (id === undefined) throw new Error('pod is not running');
  return sandboxes.portForward(id, port, signal);
}

function addressOf({ spec, status }: Pod, rootless: boolean): string | undefined {
  if (!spec?.hostNetwork) return status?.podIP;
  return rootless ? undefined : '127.0.0.1';
}

/** All containers of a pod are in one network. */
const runningContainer = ({ status }: Pod): string | undefined =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
    .find(({ state }) => state?.running !== undefined)
    ?.containerID?.split('://')[1];

async function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  const abort = () => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const late = setTimeout(() => socket.destroy(new Error(`dial tcp4 ${host}:${port}: i/o timeout`)), DIAL_TIMEOUT_MS);
  socket.once('connect', () => resolve(socket)).once('error', reject);
  socket.once('close', () => reject(new Error('the connection was given up')));
  if (signal.aborted) abort();
  try {
    return await promise;
  } finally {
    clearTimeout(late);
  }
}

function reasonOf(error: unknown, port: number, uid = ''): string {
  if (!isRefused(error)) return errorMessage(error);
  const [ipv4, ipv6] = [`dial tcp4 127.0.0.1:${port}`, `dial tcp6 [::1]:${port}`].map(
    (dialled) => `${dialled}: connect: connection refused`,
  );
  return `failed to connect to localhost:${port} inside namespace "${uid}", IPv4: ${ipv4} IPv6 ${ipv6}`;
}

const isRefused = (error: unknown): boolean =>
  error instanceof RuntimeError
    ? error.code === 'ConnectionRefused'
    : error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
