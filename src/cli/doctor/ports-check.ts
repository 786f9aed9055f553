import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Config } from '../../config.ts';
import { apiOf } from '../ask-api.ts';
import type { Check, Finding } from './finding.ts';

export const portsCheck: Check = async ({ config }) => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  return [await apiPort(config), judgeNodePorts(config.nodePorts, range)];
};

async function apiPort(config: Config): Promise<Finding> {
  const check = `port ${config.port}`;
  if (!(await isTaken(config.port))) return { check, level: 'ok', found: 'free: k2d does not run' };
  const ours = await apiOf(config)
    .then((ask) => ask('/livez'))
    .then(
      ({ status }) => status === 200,
      () => false,
    );
  if (ours) return { check, level: 'ok', found: 'k2d serves there' };
  return {
    check,
    level: 'fail',
    found: 'something else than the k2d of this data path listens there',
    advice: 'end it (ss -tlnp tells who it is), or set K2D_PORT to another port',
  };
}

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 });
    const answer = (taken: boolean) => () => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(true));
  });

/** The text of ip_local_port_range (ip(7)): ports that the kernel gives to outgoing connections. */
export function judgeNodePorts({ first, last }: Config['nodePorts'], localRange: string): Finding {
  const check = 'node ports';
  const [low = 65_536, high = 0] = localRange.trim().split(/\s+/).filter(Boolean).map(Number);
  const found = `${first}-${last}`;
  if (last < low || first > high) return { check, level: 'ok', found };
  return {
    check,
    level: 'warn',
    found: `${found}, where outgoing connections have their ports too (${low}-${high})`,
    advice: `set net.ipv4.ip_local_reserved_ports to ${found}, or K2D_NODE_PORT_RANGE to another range`,
  };
}
