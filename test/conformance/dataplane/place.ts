import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A network namespace, as arguments that start a program in it; none for the host's. */
export type Place = readonly string[];

export const PEER = new URL('./peer.mjs', import.meta.url).pathname;

/** What `times` new clients in the place hear; `silence` or an error's code where nobody answers. */
export async function ask(
  from: Place,
  protocol: 'tcp' | 'udp',
  address: string,
  port: number,
  times = 1,
): Promise<string[]> {
  const [program, ...args] = [...from, process.execPath, PEER, 'ask', protocol, address, String(port), String(times)];
  const { stdout } = await exec(program!, args);
  return stdout.trimEnd().split('\n');
}
