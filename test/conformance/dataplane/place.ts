import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A network namespace, as arguments that start a program in it; none for the host's. */
export type Place = readonly string[];

export const PEER = new URL('./peer.mjs', import.meta.url).pathname;

/** What `times` new clients hear; `silence` or an error's code where nobody answers. `peer` starts peer.mjs where they are. */
export async function askWith(
  peer: readonly string[],
  protocol: 'tcp' | 'udp',
  address: string,
  port: number,
  times = 1,
): Promise<string[]> {
  const [program, ...args] = [...peer, 'ask', protocol, address, String(port), String(times)];
  const { stdout } = await exec(program!, args);
  return stdout.trimEnd().split('\n');
}

/** The peer in a network namespace of this machine. */
export const peerIn = (place: Place): readonly string[] => [...place, process.execPath, PEER];
