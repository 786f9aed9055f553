import { metaOf } from '../../meta/object-key.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../meta/types.ts';
import { engineVolumeDriver } from '../../resources/persistent-volume.ts';
import type { VolumePlan } from './volume-plan.ts';
import type { VolumeSources } from './volume-sources.ts';

/** How the volume behind a claim gets into a container; a claim that is not bound yet is waited for. */
export function claimPlan(name: string, sources: Pick<VolumeSources, 'claim' | 'persistentVolume'>): VolumePlan {
  const claim = sources.claim(name);
  if (!claim) return { kind: 'missing', message: `persistentvolumeclaim "${name}" not found` };
  const volumeName = claim.spec?.volumeName ?? '';
  const volume = volumeName === '' ? undefined : sources.persistentVolume(volumeName);
  if (!volume || !belongsTo(volume, claim))
    return { kind: 'missing', message: `persistentvolumeclaim "${name}" is not bound` };
  if (volume.spec?.volumeMode === 'Block')
    return { kind: 'missing', message: `volume "${volumeName}" is a block device` };
  return sourcePlan(volume);
}

/** What the two say of each other is kept; the claim's phase is lost with the process and comes only with the controllers. */
const belongsTo = ({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  spec?.claimRef?.uid !== undefined && spec.claimRef.uid === metaOf(claim).uid;

function sourcePlan(volume: PersistentVolume): VolumePlan {
  const { hostPath, local, csi } = volume.spec ?? {};
  if (hostPath) return { kind: 'hostPath', path: hostPath.path, type: hostPath.type ?? '' };
  if (local) return { kind: 'hostPath', path: local.path };
  if (csi?.driver === engineVolumeDriver) {
    return { kind: 'engineVolume', volume: csi.volumeHandle, isOurs: isProvisioned(volume) };
  }
  return { kind: 'missing', message: `volume "${metaOf(volume).name}": this kind of volume is not supported` };
}

/** k2d made it; one that somebody made on the engine keeps its files where the engine has them. */
export const isProvisioned = (volume: PersistentVolume): boolean =>
  metaOf(volume).annotations?.['pv.kubernetes.io/provisioned-by'] === engineVolumeDriver;
