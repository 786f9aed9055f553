import type { Kubelet } from '../../domain/kubelet/kubelet.ts';
import { errorMessage } from '../../domain/meta/error-message.ts';
import type { Status } from '../../domain/meta/status-error.ts';

type ProcessStreams = NonNullable<Awaited<ReturnType<Kubelet['attach']>>>;
export type TerminalSize = Parameters<ProcessStreams['resize']>[0];
export type RemoteStream = 'stdout' | 'stderr';

/** Which streams the client wants to be connected with. */
export type WantedStreams = { stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean };

/** A process that runs, and a client that waits for its streams. */
export type RemoteCommand = {
  wanted: WantedStreams;
  process: ProcessStreams;
  /** Without one, that the output ends is success. */
  exitCode?: () => Promise<number>;
  /** The client is gone, or the server stops. */
  closed: AbortSignal;
  /** Lets the process's streams go; nobody is there for them any more. */
  leave: () => void;
};

/** The client's end, whichever protocol carries it. */
export type RemoteCommandWire = {
  /** Ends when the client says so, or is gone; read slowly, the client waits. */
  readonly input: AsyncIterable<Buffer>;
  onResize(listener: (size: TerminalSize) => void): void;
  /** Resolves when more may come; false when the client is gone. */
  write(stream: RemoteStream, data: Buffer): Promise<boolean>;
  /** The last word. */
  end(status: RemoteStatus): Promise<void>;
};

export type RemoteStatus = Pick<Status, 'metadata' | 'status' | 'message' | 'reason' | 'details'>;

/** Both directions at once, until the process has ended or the client is gone. */
export async function runRemoteCommand(command: RemoteCommand, wire: RemoteCommandWire): Promise<void> {
  const { wanted, process, leave } = command;
  if (wanted.tty) wire.onResize(inOrder((size) => process.resize(size)));
  const status = await carried(command, wire).catch(failureOf);
  // Before the last words, which may take a slow client long: what it still says goes nowhere, so that it need not wait for the process.
  leave();
  if (status) await wire.end(status);
}

/** What the client is to be told at the end; undefined when it is gone. Throws what breaks either direction. */
async function carried(command: RemoteCommand, wire: RemoteCommandWire): Promise<RemoteStatus | undefined> {
  const output = forwardOutput(command, wire);
  // The end of the input is not the end of the process, nor does the process wait for it.
  const isComplete = await Promise.race([output, forwardInput(command, wire).then(() => output)]);
  return isComplete ? outcome(command) : undefined;
}

/** One after the other: of two requests at once an engine may take the older one last. Of those that wait only the newest counts. */
function inOrder(resize: (size: TerminalSize) => Promise<void>): (size: TerminalSize) => void {
  let next: TerminalSize | undefined;
  let isBusy = false;
  const apply = async () => {
    isBusy = true;
    while (next !== undefined) {
      const size = next;
      next = undefined;
      // An engine that refuses a size leaves the process with the one it has.
      await resize(size).catch(() => undefined);
    }
    isBusy = false;
  };
  return (size) => {
    next = size;
    if (!isBusy) void apply();
  };
}

async function forwardInput({ wanted, process }: RemoteCommand, wire: RemoteCommandWire): Promise<void> {
  // Without stdin too what the client sends is read, so that it does not wait for ever.
  for await (const data of wire.input) if (wanted.stdin) await process.write(data);
  if (wanted.stdin) await process.endInput();
}

/** True when all of it has been said. */
async function forwardOutput({ wanted, process }: RemoteCommand, wire: RemoteCommandWire): Promise<boolean> {
  for await (const { stream, data } of process.output) {
    if (wanted[stream] && !(await wire.write(stream, data))) return false;
  }
  return true;
}

async function outcome({ exitCode, closed }: RemoteCommand): Promise<RemoteStatus> {
  // The process may run on, and nobody knows how it ends.
  if (closed.aborted) return failure('the server stops');
  const code = (await exitCode?.()) ?? 0;
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    ...failure(`command terminated with non-zero exit code: exit status ${code}`),
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

const failureOf = (error: unknown): RemoteStatus => failure(errorMessage(error));

const failure = (message: string): RemoteStatus => ({ metadata: {}, status: 'Failure', message });
