import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';

/** A node that does everything as Kubernetes has it. */
export const ableNode: NodeCapabilities = {
  restartBackoff: true,
  reportsOomKilled: true,
  rootless: false,
  resourceLimits: true,
  imageVolumes: true,
  recursiveReadOnlyMounts: true,
  interfaceIdentity: false,
  ambientCapabilities: false,
  appArmor: true,
  nodePorts: true,
  mountPropagation: 'Bidirectional',
};
