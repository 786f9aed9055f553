import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import type { KubeletOptions } from '../kubelet-options.ts';
import type { NodeDisk } from '../../resources/node-usage.ts';
import { hasEnded } from '../pod/pod-verdict.ts';
import { comingPods } from './coming-pods.ts';
import { ImageCollector } from './image-collector.ts';
import type { PulledImages } from './pulled-images.ts';

/** It spares what pods have and what is to come, and tells the operator by events of the node. */
export function openImageCollector(
  { registry, runtime, nodeName, limits, recorder, clock, logger }: KubeletOptions,
  pulled: PulledImages,
  disk: () => Promise<NodeDisk | undefined>,
  collected: () => void,
): ImageCollector {
  const warn = (reason: string, message: string) => {
    const node = registry.find(nodes, { namespace: '', name: nodeName });
    if (node) recorder.event(node, 'Warning', reason, message);
  };
  return new ImageCollector({
    runtime,
    policy: limits.images,
    pulled,
    disk,
    pods: () => [...registry.all(pods).filter((pod) => !hasEnded(pod)), ...comingPods(registry)],
    warn,
    collected,
    clock,
    logger,
  });
}
