import { join } from 'node:path';
import { quantityValue } from '../../meta/quantity.ts';
import type { Pod, Volume } from '../../meta/types.ts';
import { claimNameOf } from '../../resources/pod-claims.ts';
import { podContainers } from '../pod/container-kinds.ts';
import { claimPlan } from './claim-plan.ts';
import { asProjected, projectedFiles } from './projected-files.ts';
import type { VolumePlan } from './volume-plan.ts';
import type { VolumeSources } from './volume-sources.ts';

/** Pure: reads sources, decides, writes nothing. */
export function planVolume(pod: Pod, volume: Volume, sources: VolumeSources): VolumePlan {
  const projected = asProjected(volume);
  if (projected) return projectedFiles(pod, projected, sources);
  const claim = claimNameOf(pod, volume);
  if (claim !== undefined) return claimPlan(claim, sources);
  if (volume.hostPath) return { kind: 'hostPath', path: volume.hostPath.path, type: volume.hostPath.type ?? '' };
  if (volume.emptyDir?.medium === 'Memory') {
    const sizeBytes = memorySize(pod, volume.emptyDir.sizeLimit);
    return { kind: 'memory', ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  }
  if (volume.emptyDir) return { kind: 'emptyDir' };
  if (volume.image) return { kind: 'image', reference: volume.image.reference ?? '' };
  return { kind: 'missing', message: `volume "${volume.name}": this kind of volume is not supported` };
}

/** No more than the pod may use of memory, for that is where it goes (kubernetes pkg/volume/emptydir calculateEmptyDirMemorySize). */
function memorySize({ spec }: Pod, sizeLimit: string | undefined): number | undefined {
  const limits = (spec?.containers ?? []).map(({ resources }) => resources?.limits?.['memory']);
  const ofPod = limits.every((limit) => limit !== undefined) ? limits.map(quantityValue) : [];
  const bounds = [
    ...(ofPod.length > 0 ? [ofPod.reduce((sum, bytes) => sum + bytes, 0)] : []),
    ...(sizeLimit === undefined || quantityValue(sizeLimit) === 0 ? [] : [quantityValue(sizeLimit)]),
  ];
  return bounds.length > 0 ? Math.min(...bounds) : undefined;
}

/** Only what some container mounts has to be there. */
export const mountedVolumes = (pod: Pod): Volume[] => {
  const names = new Set(podContainers(pod).flatMap(({ container: c }) => (c.volumeMounts ?? []).map((m) => m.name)));
  return (pod.spec?.volumes ?? []).filter((volume) => names.has(volume.name));
};

/** Where the kubelet would keep it, below the data path. */
export const volumeFolder = (podFolder: string, volume: string): string => join(podFolder, 'volumes', volume);
