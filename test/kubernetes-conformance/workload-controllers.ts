import { testsIn, type ConformanceTable } from './conformance-table.ts';

const workloads = testsIn('test/kubernetes-conformance/workload-controllers.test.ts');
const onEngines = testsIn('test/integration/workloads.test.ts');
const stories = testsIn('test/clients/kubectl/workloads.test.ts');
const statefulSets = testsIn('src/domain/controllers/statefulset/statefulset-controller.test.ts');

/** Tests of what makes pods. */
export const workloadControllers: ConformanceTable = {
  '[sig-apps] ControllerRevision should manage the lifecycle of a ControllerRevision': {
    by: [
      ...testsIn('test/kubernetes-conformance/object-lifecycles.test.ts')(
        'ControllerRevision',
        'is found, made, read, listed, watched, patched, replaced and deleted, alone and together',
      ).by,
      ...workloads('a DaemonSet', 'has a revision for each of its versions').by,
    ],
  },

  '[sig-apps] Daemon set should list and delete a collection of DaemonSets': workloads(
    'a %s',
    'is listed, patched and deleted by label, and its pods go with it',
    'DaemonSet',
  ),
  '[sig-apps] Daemon set should retry creating failed daemon pods': workloads(
    'a DaemonSet',
    'replaces a pod that has failed',
  ),
  '[sig-apps] Daemon set should run and stop complex daemon': workloads(
    'a DaemonSet',
    'follows the labels of the node, also when it looks for others',
  ),
  '[sig-apps] Daemon set should run and stop simple daemon': workloads(
    'a DaemonSet',
    'runs on the node, and again when its pod is deleted',
  ),
  '[sig-apps] Daemon set should update pod when spec was updated and update strategy is RollingUpdate': workloads(
    'a DaemonSet',
    'has a revision for each of its versions',
  ),
  '[sig-apps] Daemon set should verify changes to a daemon set status': workloads(
    'a %s',
    'keeps the conditions that others write into its status',
    'DaemonSet',
  ),

  '[sig-apps] ReplicationController should adopt matching pods on creation': workloads(
    'a ReplicationController',
    'adopts pods that match, and lets go of those that do not any more',
  ),
  '[sig-apps] ReplicationController should get and update a ReplicationController scale': workloads(
    'a %s',
    'is scaled through its own endpoint, by an update and by a patch',
    'ReplicationController',
  ),
  '[sig-apps] ReplicationController should release no longer matching pods': workloads(
    'a ReplicationController',
    'adopts pods that match, and lets go of those that do not any more',
  ),
  '[sig-apps] ReplicationController should serve a basic image on each replica with a public image': onEngines(
    'a ReplicationController keeps its pods, scales, and may leave them behind',
  ),
  '[sig-apps] ReplicationController should surface a failure condition on a common issue like exceeded quota':
    workloads('a ReplicationController', 'says when a quota refuses its pods, and not any more when it does not'),
  '[sig-apps] ReplicationController should test the lifecycle of a ReplicationController': {
    by: [
      ...workloads('a %s', 'is listed, patched and deleted by label, and its pods go with it', 'ReplicationController')
        .by,
      ...workloads('a %s', 'keeps the conditions that others write into its status', 'ReplicationController').by,
    ],
  },

  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Burst scaling should run to completion even with unhealthy pods':
    statefulSets('pods of a StatefulSet', 'come at once where the policy is Parallel, also beside unhealthy ones'),
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Scaling should happen in predictable order and halt if any stateful pod is unhealthy':
    {
      by: [
        ...statefulSets('pods of a StatefulSet', 'come one after the other, each when those before it are available')
          .by,
        ...statefulSets(
          'pods of a StatefulSet',
          'go from the last, one after the other, and none while one is unhealthy',
        ).by,
      ],
    },
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Should recreate evicted statefulset': {
    ...statefulSets('pods of a StatefulSet', 'that end or are deleted come back under their names'),
    except: 'a pod whose host port is taken waits for it here, and does not fail; any other end of a pod is the same',
  },
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should have a working scale subresource':
    workloads('a %s', 'is scaled through its own endpoint, by an update and by a patch', 'StatefulSet'),
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets':
    workloads('a %s', 'is listed, patched and deleted by label, and its pods go with it', 'StatefulSet'),
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should perform canary updates and phased rolling updates of template modifications':
    {
      by: [
        ...statefulSets(
          'a new version of a StatefulSet',
          'stays beyond the partition, and what goes below it comes back as it was',
        ).by,
        ...onEngines('a StatefulSet', 'rolls out a canary, then everywhere, keeps a history and goes back').by,
      ],
    },
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should perform rolling updates and roll backs of template modifications':
    statefulSets('a new version of a StatefulSet', 'replaces the pods from the last, one at a time, and can be undone'),
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate Statefulset Status endpoints':
    workloads('a %s', 'keeps the conditions that others write into its status', 'StatefulSet'),

  '[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace': testsIn(
    'src/domain/controllers/namespace/namespace-controller.test.ts',
  )('every active namespace has the authority, also after somebody changed or deleted it'),

  '[sig-cli] Kubectl client Update Demo should create and stop a replication controller': stories(
    'makes, describes, scales and stops a ReplicationController',
  ),
  '[sig-cli] Kubectl client Update Demo should scale a replication controller': stories(
    'makes, describes, scales and stops a ReplicationController',
  ),
};
