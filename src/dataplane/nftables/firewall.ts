import { readFile } from 'node:fs/promises';
import { forwardingChanges, forwardingRemoval, type ForwardingChange, type ForwardingOptions } from './forwarding.ts';
import { ProgramError, runProgram } from './run-program.ts';

/** Seconds to wait for others who change the same tables. */
const LOCK_SECONDS = '5';

/**
 * Brings the filter tables of both flavours of iptables to what forwarding needs; changes nothing that is right. The flavours are independent:
 * throws what went wrong with one after it has done the other.
 */
export const openForwarding = (options: ForwardingOptions, signal?: AbortSignal): Promise<void> =>
  changeFlavours((listing) => forwardingChanges(listing, options), signal);

export const closeForwarding = (instance: string): Promise<void> =>
  changeFlavours((listing) => forwardingRemoval(listing, instance));

type Changes = (listing: string) => ForwardingChange[];

async function changeFlavours(changes: Changes, signal?: AbortSignal): Promise<void> {
  const results = await Promise.allSettled(
    (await flavours()).map((program) => changeFlavour(program, changes, signal)),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function changeFlavour(program: string, changes: Changes, signal?: AbortSignal): Promise<void> {
  const listing = await runProgram(program, ['-w', LOCK_SECONDS, '-S'], { signal }).catch(emptyWhenMissing);
  for (const { action, chain, rule } of changes(listing)) {
    await runProgram(program, ['-w', LOCK_SECONDS, action, chain, ...rule], { signal });
  }
}

/** Listing legacy tables would load them into the kernel, so they are asked only where they are; that takes NET_RAW. */
async function flavours(): Promise<string[]> {
  const legacyTables = await readFile('/proc/net/ip_tables_names', 'utf8').catch(() => '');
  return ['iptables-nft', ...(legacyTables.split('\n').includes('filter') ? ['iptables-legacy'] : [])];
}

/** A host without the program has none of its rules. */
function emptyWhenMissing(error: unknown): string {
  if (error instanceof ProgramError && error.missing) return '';
  throw error;
}
