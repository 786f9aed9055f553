import { testsIn, type ConformanceTable } from './conformance-table.ts';

const deployments = testsIn('test/kubernetes-conformance/deployments.test.ts');
const services = testsIn('test/integration/services.test.ts');

/** Tests of Deployments and of the ReplicaSets below them. */
export const deploymentTests: ConformanceTable = {
  '[sig-apps] Deployment Deployment should have a working scale subresource': deployments(
    'a Deployment',
    'is scaled through its scale',
  ),
  '[sig-apps] Deployment RecreateDeployment should delete old pods and create new ones': deployments(
    'a Deployment',
    'of the strategy Recreate never has pods of two versions',
  ),
  '[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new ones': deployments(
    'a Deployment',
    'takes over a ReplicaSet that it finds, and replaces its pods by new ones',
  ),
  '[sig-apps] Deployment deployment should delete old replica sets': deployments(
    'a Deployment',
    'keeps no more old ReplicaSets than it is told to',
  ),
  '[sig-apps] Deployment deployment should support proportional scaling': deployments(
    'a Deployment',
    'spreads a change of its size over both versions in proportion',
  ),
  '[sig-apps] Deployment deployment should support rollover': deployments(
    'a Deployment',
    'rolls over to a still newer version while one is on its way',
  ),
  '[sig-apps] Deployment should run the lifecycle of a Deployment': deployments(
    'a Deployment',
    'is made, patched, updated, read, listed everywhere and deleted, and a watch tells of it',
  ),
  '[sig-apps] Deployment should validate Deployment Status endpoints': deployments(
    'a Deployment',
    'has a status that is read, replaced and patched',
  ),
  '[sig-apps] ReplicaSet Replace and Patch tests': deployments(
    'a ReplicaSet',
    'of which size and template are replaced and patched',
  ),
  '[sig-apps] ReplicaSet Replicaset should have a working scale subresource': deployments(
    'a ReplicaSet',
    'is scaled through its scale',
  ),
  '[sig-apps] ReplicaSet should adopt matching pods on creation and release no longer matching pods': deployments(
    'a ReplicaSet',
    'adopts the pods that match, and lets go of those that no longer do',
  ),
  '[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets': deployments(
    'a ReplicaSet',
    'is listed everywhere and deleted as a collection',
  ),
  '[sig-apps] ReplicaSet should serve a basic image on each replica with a public image': services(
    'follows its pods when they change, and ends when it is deleted',
  ),
  '[sig-apps] ReplicaSet should validate Replicaset Status endpoints': deployments(
    'a ReplicaSet',
    'has a status that is read, replaced and patched',
  ),
};
