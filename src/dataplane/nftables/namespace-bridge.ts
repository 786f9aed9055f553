import type { BridgeOptions } from './bridge.ts';
import { despiteGoneDevices } from './despite-gone-devices.ts';
import type { RunProgram } from './namespace-programs.ts';

/**
 * As prepareBridge, for a bridge in another network namespace, of which no /sys tells here. Nobody connects from its loopback, and its default
 * route is there as long as the namespace, so ports that send a pod back to itself are all that it lacks.
 */
export async function prepareNamespaceBridge(
  { bridge }: Pick<BridgeOptions, 'bridge'>,
  run: RunProgram,
  signal?: AbortSignal,
): Promise<void> {
  await despiteGoneDevices(async () => {
    const links = await run('ip', ['-oneline', 'link', 'show', 'type', 'veth'], { signal });
    const commands = portsOf(links, bridge).map((port) => `link set dev ${port} type bridge_slave hairpin on\n`);
    if (commands.length > 0) await run('ip', ['-force', '-batch', '-'], { input: commands.join(''), signal });
  }, signal);
}

/** Of lines such as `4: veth0@if2: <BROADCAST,…> mtu 1500 qdisc noqueue master k2d state UP …`. */
export const portsOf = (links: string, bridge: string): string[] =>
  links.split('\n').flatMap((line) => {
    const [, port, master] = /^\d+: ([^@:\s]+)[^\n]* master (\S+) /.exec(line) ?? [];
    return port !== undefined && master === bridge ? [port] : [];
  });
