import { spawn } from 'node:child_process';

export type RunOptions = { input?: string; signal?: AbortSignal | undefined };

/** A program of the host's network tools that said no, or could not be started (`missing`). Its message is what it wrote. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly missing: boolean;

  constructor(program: string, text: string, options?: ErrorOptions & { missing: boolean }) {
    super(`${program}: ${text.trim().slice(0, 2000)}`, options);
    this.missing = options?.missing ?? false;
  }
}

/** They answer in milliseconds; ten thousand rules on a weak CPU take seconds. */
const TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 8 * 1024 * 1024;

/** Runs it without a shell and answers what it printed; throws ProgramError when it fails, is not there or takes too long. */
export function runProgram(
  program: string,
  args: readonly string[],
  { input, signal }: RunOptions = {},
): Promise<string> {
  const bound = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { signal: bound, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > MAX_OUTPUT) child.stdout.destroy(new ProgramError(program, 'printed more than 8 MB'));
    });
    child.stdout.on('error', reject);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += complaint.length < 4000 ? text : ''));
    child.on('error', (cause: NodeJS.ErrnoException) => {
      reject(new ProgramError(program, cause.message, { cause, missing: cause.code === 'ENOENT' }));
    });
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new ProgramError(program, complaint || output || `exit code ${code}`));
    });
    // A program that ends before it has read everything says why on its error output.
    child.stdin.on('error', () => undefined).end(input ?? '');
  });
}
