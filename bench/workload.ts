import { K2dUnderTest } from './k2d-under-test.ts';

/**
 * The container that is measured: k2d's own image, which every engine under test holds, with the smallest program in it, the
 * one that waits (catatonit(1), -P), so that the figures are about k2d and not about the workload.
 */
export const workload = { image: K2dUnderTest.image, program: 'catatonit', argument: '-P' } as const;

/** The spec of a pod with one such container. */
export const podSpec = {
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'main', image: workload.image, command: [workload.program, workload.argument] }],
} as const;
