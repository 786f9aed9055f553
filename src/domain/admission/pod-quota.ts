import { forbidden } from '../meta/status-error.ts';
import { isForeign } from '../resources/foreign-pod.ts';
import { pods } from '../resources/pod.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/**
 * One slip of `--replicas` must not fill a small device's memory with pods that wait: beyond `maxPods` they are refused as by a
 * ResourceQuota (apiserver pkg/admission/plugin/resourcequota/controller.go), which controllers know how to wait for.
 */
export const podQuota = ({ maxPods }: { maxPods: number }): AdmissionPlugin => ({
  name: 'PodQuota',
  validate(request, lister) {
    if (!newPodOf(request)) return;
    const used = lister.all(pods).filter((pod) => !isForeign(pod)).length;
    if (used < maxPods) return;
    throw forbidden(
      groupResource(pods),
      request.key.name,
      `exceeded quota: k2d, requested: pods=1, used: pods=${used}, limited: pods=${maxPods}`,
    );
  },
});
