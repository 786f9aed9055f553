import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { EARLIEST_POSSIBLE_NOW } from '../../api/auth/certificate-lifetime.ts';
import type { Check, Finding } from './finding.ts';

/** systemd-timesyncd(8): the folder is there while it runs, the file once it has heard of a server. */
export const clockCheck: Check = async ({ config, now }) => {
  const places = ['/host/run', join(config.hostRoot, 'run')].map((run) => join(run, 'systemd/timesync'));
  const runs = await anyOf(places);
  const synchronized = await anyOf(places.map((place) => join(place, 'synchronized')));
  return [judgeClock(now, runs && !synchronized)];
};

const anyOf = (paths: readonly string[]): Promise<boolean> =>
  Promise.any(paths.map((path) => access(path))).then(
    () => true,
    () => false,
  );

export function judgeClock(now: Date, waitsForServer: boolean): Finding {
  const check = 'clock';
  const found = now.toISOString();
  if (now.getTime() < EARLIEST_POSSIBLE_NOW)
    return {
      check,
      level: 'fail',
      found: `${found} cannot be`,
      advice: 'give the device a time server or a battery for its clock: CronJobs and certificates of others go wrong',
    };
  return waitsForServer
    ? { check, level: 'warn', found: `${found}, not synchronized`, advice: 'systemd-timesyncd reaches no time server' }
    : { check, level: 'ok', found };
}
