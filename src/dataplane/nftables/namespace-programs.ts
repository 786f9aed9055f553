import { runProgram, type RunOptions } from './run-program.ts';

/** `runProgram`, or the same elsewhere. */
export type RunProgram = (program: string, args: readonly string[], options?: RunOptions) => Promise<string>;

/** Programs that see another network namespace; entering it takes SYS_ADMIN in the user namespace that owns it (setns(2)). */
export const programsIn =
  (namespace: string): RunProgram =>
  (program, args, options) =>
    runProgram('nsenter', [`--net=${namespace}`, '--', program, ...args], options);
