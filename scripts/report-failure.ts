import { errorMessage } from '../src/domain/meta/error-message.ts';

/** For the end of a script: the message of what went wrong, without a stack that says nothing to who started it. */
export function reportFailure(error: unknown): void {
  console.error(`\n${errorMessage(error)}`);
  process.exitCode = 1;
}
