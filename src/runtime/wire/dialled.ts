import { Duplex } from 'node:stream';
import type { ExecSession, ProcessOutput } from '../../domain/container-runtime/process.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** Addresses as the kernel prints them (Documentation/networking/proc_net_tcp.rst): what 127.0.0.1 reaches, and what only ::1 does. */
const BY_IPV4 = '00000000|0100007F|0{32}|0{16}FFFF00000100007F';
const BY_IPV6 = '0{24}01000000';

/**
 * nc tells nobody that it is connected, so whether somebody listens is looked up before. State 0A is LISTEN (linux include/net/tcp_states.h).
 * nc ends the connection's one direction with its input, and itself with the other.
 */
const SCRIPT = `
listens() { busybox grep -qsE " ($1):$2 0+:0000 0A " /proc/net/tcp /proc/net/tcp6; }
if listens '${BY_IPV4}' "$2"; then host=127.0.0.1; elif listens '${BY_IPV6}' "$2"; then host=::1; else exit 1; fi
echo open >&2
exec busybox nc "$host" "$1"`;

const OPEN = 'open\n';

/** A command that connects its streams to a TCP port of its own localhost, and says on stderr that it does. */
export function dialCommand(port: number): string[] {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0');
  return ['busybox', 'sh', '-c', SCRIPT, 'dial', String(port), hexadecimal];
}

/** The streams of a `dialCommand` as one. ConnectionRefused when nobody listens. */
export async function dialled(session: ExecSession, port: number, signal: AbortSignal): Promise<Duplex> {
  const output = session.output[Symbol.asyncIterator]();
  const { done, value } = await output.next();
  if (signal.aborted) throw new RuntimeError('Unavailable', 'the connection was given up');
  if (done) throw new RuntimeError('ConnectionRefused', `nothing listens at port ${port}`);
  const words = value.data.toString();
  if (value.stream !== 'stderr' || !words.startsWith(OPEN)) throw new RuntimeError('Internal', words.trim());
  return connectionOf(session, output, signal);
}

function connectionOf(session: ExecSession, output: AsyncIterator<ProcessOutput>, signal: AbortSignal): Duplex {
  const next = async (): Promise<Buffer | null> => {
    for (;;) {
      const { done, value } = await output.next();
      if (done) return null;
      if (value.stream === 'stdout') return value.data;
    }
  };
  const connection = new Duplex({
    read: () =>
      void next().then(
        (data) => connection.push(data),
        (error: Error) => connection.destroy(error),
      ),
    write: (data: Buffer, _encoding, done) => void session.write(data).then(() => done(), done),
    final: (done) => void session.endInput().then(() => done(), done),
  });
  const abort = () => void connection.destroy();
  signal.addEventListener('abort', abort, { once: true });
  // The process has ended: what is written now nobody gets.
  connection
    .once('end', abort)
    .on('error', () => undefined)
    .once('close', () => signal.removeEventListener('abort', abort));
  return connection;
}
