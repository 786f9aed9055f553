import { testsIn, type ConformanceTable } from './conformance-table.ts';

const scheduling = testsIn('test/kubernetes-conformance/scheduling.test.ts');

/** Tests of where pods go, as far as one node can show them. */
export const schedulingTests: ConformanceTable = {
  '[sig-scheduling] SchedulerPredicates validates resource limits of pods that are allowed to run': scheduling(
    'the node takes',
    'what it has room for, and no more',
  ),
  '[sig-scheduling] SchedulerPredicates validates that NodeSelector is respected if matching': scheduling(
    'the node takes',
    'a pod whose node selector it matches',
  ),
  '[sig-scheduling] SchedulerPredicates validates that NodeSelector is respected if not matching': scheduling(
    'the node takes',
    'no pod whose node selector it does not match',
  ),
  '[sig-scheduling] SchedulerPredicates validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP':
    scheduling('the node takes', 'no second pod with the port of a host address when one has it at all of them'),
  '[sig-scheduling] SchedulerPreemption PreemptionExecutionPath runs ReplicaSets to verify preemption running path':
    scheduling(
      'a pod that is more important',
      'takes what the pods of several ReplicaSets have, the least important first',
    ),
  '[sig-scheduling] SchedulerPreemption validates basic preemption works': scheduling(
    'a pod that is more important',
    'takes the place of the least important one',
  ),
  '[sig-scheduling] SchedulerPreemption validates lower priority pod preemption by critical pod': scheduling(
    'a pod that is more important',
    'takes it also as a critical one of the system',
  ),
  '[sig-scheduling] SchedulerPreemption validates pod disruption condition is added to the preempted pod': scheduling(
    'a pod that is more important',
    'leaves the one that went with a condition that says why',
  ),
};
