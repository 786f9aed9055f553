import { RuntimeError } from '../container-runtime/runtime-error.ts';
import type { KubeletOptions } from './kubelet-options.ts';

/** Makes the network of all pods unless it is there; throws when it is there with another range. */
export async function ensurePodNetwork({
  runtime,
  network,
}: Pick<KubeletOptions, 'runtime' | 'network'>): Promise<void> {
  const present = await runtime.networks.status(network.name);
  if (present === undefined) return runtime.networks.create(network);
  if (present.subnet === network.subnet) return;
  throw new RuntimeError(
    'Conflict',
    `network ${network.name} has the range ${present.subnet}, not ${network.subnet}: remove it, or set K2D_POD_CIDR`,
  );
}
