import type { RuntimeCapabilities } from './container-runtime.ts';

/** What differs between nodes: their engine's capabilities, and what the place gives in which engine and k2d run. */
export type NodeCapabilities = RuntimeCapabilities & {
  /** Ports of Services are opened on the host. */
  nodePorts: boolean;
  /** The host's root is a shared mount, and the engine is in the host's own mount namespace: mounts go from host to containers and back. */
  mountPropagation: boolean;
};
