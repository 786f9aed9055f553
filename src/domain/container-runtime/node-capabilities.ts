import type { RuntimeCapabilities } from './container-runtime.ts';

/** What differs between nodes: their engine's capabilities, and what the place gives in which engine and k2d run. */
export type NodeCapabilities = RuntimeCapabilities & {
  /** Ports of Services are opened on the host. */
  nodePorts: boolean;
  /** The most that works in folders which are no shared mounts of their own, in Kubernetes' words. */
  mountPropagation: 'None' | 'HostToContainer' | 'Bidirectional';
};
