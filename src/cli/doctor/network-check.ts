import { readFile } from 'node:fs/promises';
import { ProgramError, runProgram } from '../../dataplane/nftables/run-program.ts';
import type { Check, Finding } from './finding.ts';
import { errorMessage } from '../../domain/meta/error-message.ts';

/** Services are rules of nftables; other machines reach them where the kernel forwards. */
export const networkCheck: Check = async ({ config }) => {
  if (config.dataplane === 'none')
    return [{ check: 'nftables', level: 'ok', found: 'not used (K2D_DATAPLANE=none): Services have no rules' }];
  const forwarding = await readFile('/proc/sys/net/ipv4/ip_forward', 'utf8').catch(() => '');
  return [await nftables(), judgeForwarding(forwarding)];
};

const nftables = (): Promise<Finding> =>
  runProgram('nft', ['list', 'tables']).then(
    () => ({ check: 'nftables', level: 'ok', found: 'the kernel answers' }),
    (error: unknown) => ({
      check: 'nftables',
      level: 'fail',
      found: errorMessage(error),
      advice:
        error instanceof ProgramError && error.missing
          ? "install nftables, or ask k2d's container: docker exec k2d k2d doctor"
          : 'a kernel with CONFIG_NF_TABLES, root and NET_ADMIN are needed; K2D_DATAPLANE=none goes without Services',
    }),
  );

export const judgeForwarding = (text: string): Finding =>
  text.trim() === '1'
    ? { check: 'forwarding', level: 'ok', found: 'net.ipv4.ip_forward is 1' }
    : {
        check: 'forwarding',
        level: 'warn',
        found: 'net.ipv4.ip_forward is not 1: packets do not get from the host to pods and back',
        advice: 'engines set it when they start; see what takes it back (sysctl.d), and set it to 1 there',
      };
