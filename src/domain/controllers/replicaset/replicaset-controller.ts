import { fromLabelSelector } from '../../meta/label-selector.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { startReplicasController, type ReplicasControllerOptions } from './replicas-controller.ts';

/** The pods of each version of a Deployment, or of a ReplicaSet of its own. */
export const startReplicaSetController = (options: ReplicasControllerOptions): Promise<void> =>
  startReplicasController(
    {
      controllerName: 'replicaset-controller',
      definition: replicaSets,
      countsTerminating: true,
      selectorOf: ({ spec }) => fromLabelSelector(spec?.selector) ?? [],
    },
    options,
  );
