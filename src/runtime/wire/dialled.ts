import { Duplex } from 'node:stream';
import type { ExecSession } from '../../domain/container-runtime/process.ts';
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
echo open
exec busybox nc "$host" "$1"`;

const OPEN = Buffer.from('open\n');

/** A command that connects its streams to a TCP port of its own localhost, and first says so: engines keep no order between two streams. */
export function dialCommand(port: number): string[] {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0');
  return ['busybox', 'sh', '-c', SCRIPT, 'dial', String(port), hexadecimal];
}

/** The streams of a `dialCommand` as one. ConnectionRefused when nobody listens. */
export async function dialled(session: ExecSession, port: number, signal: AbortSignal): Promise<Duplex> {
  const output = stdoutOf(session);
  let words = Buffer.alloc(0);
  while (words.length < OPEN.length) {
    const { done, value } = await output.next();
    if (signal.aborted) throw new RuntimeError('Unavailable', 'the connection was given up');
    if (done && words.length === 0) throw new RuntimeError('ConnectionRefused', `nothing listens at port ${port}`);
    if (done) break;
    words = Buffer.concat([words, value]);
  }
  if (!words.subarray(0, OPEN.length).equals(OPEN)) throw new RuntimeError('Internal', words.toString().slice(0, 1024));
  return connectionOf(session, output, words.subarray(OPEN.length), signal);
}

/** What nc says beside it is that the connection broke, which its end tells as well. */
async function* stdoutOf({ output }: ExecSession): AsyncGenerator<Buffer> {
  for await (const { stream, data } of output) if (stream === 'stdout') yield data;
}

function connectionOf(
  session: ExecSession,
  output: AsyncGenerator<Buffer>,
  first: Buffer,
  signal: AbortSignal,
): Duplex {
  const connection = new Duplex({
    read: () =>
      void output.next().then(
        ({ done, value }) => connection.push(done ? null : value),
        (error: Error) => connection.destroy(error),
      ),
    write: (data: Buffer, _encoding, done) => void session.write(data).then(() => done(), done),
    final: (done) => void session.endInput().then(() => done(), done),
  });
  if (first.length > 0) connection.push(first);
  const abort = () => void connection.destroy();
  signal.addEventListener('abort', abort, { once: true });
  connection.on('error', () => undefined).once('close', () => signal.removeEventListener('abort', abort));
  // The process has ended: what is written now nobody gets.
  connection.once('end', abort);
  return connection;
}
