import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { claimNameOf } from '../../resources/pod-claims.ts';
import { pods } from '../../resources/pod.ts';
import { runController, source } from '../controller.ts';
import { isPodTerminating } from '../pod-lifecycle.ts';

export type EphemeralVolumeControllerOptions = {
  registry: Registry;
  recorder: EventRecorder;
  logger: Logger;
  signal: AbortSignal;
};

/** Makes the claims of generic ephemeral volumes; they go with their pod, which owns them (kubernetes pkg/controller/volume/ephemeral). */
export function startEphemeralVolumeController({
  registry,
  recorder,
  logger,
  signal,
}: EphemeralVolumeControllerOptions): Promise<void> {
  const ensure = async (pod: Pod, volume: Volume): Promise<void> => {
    const name = claimNameOf(pod, volume) ?? '';
    const namespace = metaOf(pod).namespace ?? '';
    const present = registry.find(persistentVolumeClaims, { namespace, name });
    if (!present) {
      await registry.create(persistentVolumeClaims, claimFor(pod, volume, name));
    } else if (!metaOf(present).ownerReferences?.some(({ uid }) => uid === metaOf(pod).uid)) {
      recorder.event(
        pod,
        'Warning',
        'EphemeralVolumeCreationFailed',
        `PVC ${namespace}/${name} was not created for pod ${namespace}/${metaOf(pod).name} (pod is not owner)`,
      );
    }
  };
  return runController({
    name: 'ephemeral-volume-controller',
    registry,
    logger,
    sources: [
      source(pods, ({ type, object }) =>
        type !== 'DELETED' && object.spec?.volumes?.some(({ ephemeral }) => ephemeral)
          ? [formatKey(keyOf(object))]
          : [],
      ),
    ],
    reconcile: async (key) => {
      const pod = registry.find(pods, parseKey(key));
      if (!pod || isPodTerminating(pod)) return;
      for (const volume of pod.spec?.volumes ?? []) if (volume.ephemeral) await ensure(pod, volume);
    },
    signal,
    concurrency: 1,
  });
}

function claimFor(pod: Pod, { ephemeral }: Volume, name: string): PersistentVolumeClaim {
  const { namespace = '', name: podName = '', uid = '' } = metaOf(pod);
  const template = ephemeral?.volumeClaimTemplate;
  const { labels, annotations } = template?.metadata ?? {};
  return {
    metadata: {
      name,
      namespace,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: podName, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    ...(template ? { spec: template.spec } : {}),
  };
}
