import { testsIn, type ConformanceTable } from './conformance-table.ts';

const disruption = testsIn('test/kubernetes-conformance/disruption.test.ts');

/** Tests of what drives pods away, and what keeps them. */
export const disruptionTests: ConformanceTable = {
  '[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets':
    disruption('a PodDisruptionBudget', 'is listed in all namespaces, and deleted as a collection'),
  '[sig-apps] DisruptionController should block an eviction until the PDB is updated to allow it': disruption(
    'a PodDisruptionBudget',
    'forbids an eviction until it is changed',
  ),
  '[sig-apps] DisruptionController should create a PodDisruptionBudget': disruption(
    'a PodDisruptionBudget',
    'is made, changed, patched and deleted',
  ),
  '[sig-apps] DisruptionController should observe PodDisruptionBudget status updated': disruption(
    'a PodDisruptionBudget',
    'says how many pods may go',
  ),
  '[sig-apps] DisruptionController should update/patch PodDisruptionBudget status': disruption(
    'a PodDisruptionBudget',
    'has a status that is replaced and patched',
  ),
  '[sig-node] NoExecuteTaintManager Multiple Pods evicts pods with minTolerationSeconds': disruption(
    'a taint of the effect NoExecute',
    'drives pods away when their time is over, and no other',
  ),
  '[sig-node] NoExecuteTaintManager Single Pod removing taint cancels eviction': disruption(
    'a taint of the effect NoExecute',
    'drives nobody away that it is taken from in time',
  ),
};
