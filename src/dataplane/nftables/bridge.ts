import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { despiteGoneDevices } from './despite-gone-devices.ts';
import type { RunProgram } from './namespace-programs.ts';
import { runProgram } from './run-program.ts';

export type BridgeOptions = { bridge: string; serviceCidr: string };

/** /proc/sys is read-only in a container, so k2d's has the network part mounted once more. */
const SYSCTL_ROOTS = ['/hostnet', '/proc/sys/net'];
const PORTS = '/sys/class/net';

/**
 * Makes the pod network's bridge fit for Services; changes nothing that is right. Does nothing while there is no bridge: netavark takes it away
 * with its last container, and with it everything that was set on it.
 */
export const prepareBridge = (options: BridgeOptions, run: RunProgram, signal?: AbortSignal): Promise<void> =>
  despiteGoneDevices(() => prepareWhatIsThere(options, run, signal), signal);

async function prepareWhatIsThere(
  { bridge, serviceCidr }: BridgeOptions,
  run: RunProgram,
  signal?: AbortSignal,
): Promise<void> {
  const ports = await readdir(join(PORTS, bridge, 'brif')).catch(() => undefined);
  if (ports === undefined) return;
  await letLocalhostOut(bridge);
  // A host without a default route, as a machine without a way out is, needs one to the Services: a packet has a route before it is translated.
  // It costs pods the refusal over UDP of a Service without endpoints: the kernel's redirect uses up its rate limit (ip_rt_send_redirect).
  const commands = [`route replace ${serviceCidr} dev ${bridge}\n`, ...(await hairpinCommands(bridge, ports))];
  // A port may be gone again; -force goes on with the others.
  await run('ip', ['-force', '-batch', '-'], { input: commands.join(''), signal });
}

/** No bridge is success: then there is nothing set on it. */
export async function releaseBridge({ bridge, serviceCidr }: BridgeOptions): Promise<void> {
  if ((await readdir(join(PORTS, bridge)).catch(() => undefined)) === undefined) return;
  await runProgram('ip', ['route', 'flush', 'exact', serviceCidr, 'dev', bridge]);
  await writeSysctl(bridge, '0');
}

/** A frame may go out by the port it came in: a pod that a Service sends back to itself. New ports come without. */
async function hairpinCommands(bridge: string, ports: readonly string[]): Promise<string[]> {
  const modes = await Promise.all(
    ports.map(async (port) => {
      const mode = await readFile(join(PORTS, bridge, 'brif', port, 'hairpin_mode'), 'utf8').catch(() => '1');
      return mode.trim() === '0' ? [`link set dev ${port} type bridge_slave hairpin on\n`] : [];
    }),
  );
  return modes.flat();
}

/** What the host sends to a node port on 127.0.0.1 leaves by the bridge, which the kernel refuses unless told (ip-sysctl, route_localnet). */
const letLocalhostOut = (bridge: string): Promise<void> => writeSysctl(bridge, '1');

async function writeSysctl(bridge: string, value: '0' | '1'): Promise<void> {
  let failure: unknown;
  for (const root of SYSCTL_ROOTS) {
    const path = join(root, 'ipv4/conf', bridge, 'route_localnet');
    try {
      if ((await readFile(path, 'utf8')).trim() !== value) await writeFile(path, value);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
