import { selectorOf } from '../../meta/label-selector.ts';
import { replicationControllers } from '../../resources/replication-controller.ts';
import { startReplicasController, type ReplicasControllerOptions } from './replicas-controller.ts';

/** ReplicationControllers are ReplicaSets whose selector is plain labels (kubernetes pkg/controller/replication). */
export const startReplicationManager = (options: ReplicasControllerOptions): Promise<void> =>
  startReplicasController(
    {
      controllerName: 'replication-controller',
      definition: replicationControllers,
      countsTerminating: false,
      selectorOf: ({ spec }) => selectorOf(spec?.selector ?? {}),
    },
    options,
  );
