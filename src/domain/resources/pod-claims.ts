import { metaOf, type ObjectKey } from '../meta/object-key.ts';
import type { Pod, Volume } from '../meta/types.ts';

/** The name of the claim behind a volume; that of a generic ephemeral one is made of the pod's and the volume's (component-helpers storage/ephemeral). */
export const claimNameOf = (pod: Pod, volume: Volume): string | undefined =>
  volume.ephemeral ? `${metaOf(pod).name}-${volume.name}` : volume.persistentVolumeClaim?.claimName;

/** The claims that a pod mounts. */
export const claimsOfPod = (pod: Pod): ObjectKey[] =>
  (pod.spec?.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [{ namespace: metaOf(pod).namespace ?? '', name }];
  });
