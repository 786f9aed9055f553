import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, type Config } from '../config.ts';
import { openInput } from './archive/open-input.ts';
import { apiOf } from './ask-api.ts';
import { beside } from './backup/state-files.ts';
import type { Command } from './command.ts';
import { engineOf } from './engine-of.ts';
import { holdK2d } from './hold/hold-k2d.ts';
import { RESTORED } from './restored-folder.ts';
import { removeWorkloads } from './reset/remove-workloads.ts';
import { decideUpon, finishRestore } from './restore/finish-restore.ts';
import { isUsed, versionBound } from './restore/is-used.ts';
import { settleBackup } from './restore/settle-backup.ts';
import { stageBackup } from './restore/stage-backup.ts';

const READY_WITHIN_MS = 60_000;

export const restoreCommand: Command = {
  about: `Puts the state of a backup in place of this device's: objects, authority and keys, and volumes if the backup has them. Kubeconfigs of the
device that it was made on work here. The archive is read and checked first; then all of it is taken over or, whatever happens, nothing.`,
  options: {
    force: { type: 'boolean', help: 'also on a device that is in use: its objects, authority and pods go' },
  },
  positional: {
    name: 'FILE',
    required: false,
    help: 'what k2d backup wrote, also packed with gzip; default: standard input',
  },
  run: async ({ values, positional }) => {
    await restore(readConfig(process.env), values['force'] === true, positional);
    return 0;
  },
};

async function restore(config: Config, force: boolean, file: string | undefined): Promise<void> {
  const { dataPath, nodeName, serviceCidr } = config;
  if (!force && (await isUsed(dataPath)))
    throw new Error(`${dataPath} has objects in it: --force puts others in their place`);
  await mkdir(dataPath, { recursive: true, mode: 0o700 });
  const staged = beside(dataPath, 'restore', randomUUID());
  try {
    const manifest = await stageBackup(await openInput(file), staged);
    const count = await settleBackup(staged, manifest, { nodeName, serviceCidr }, await versionBound(dataPath));
    const comesBack = await takeOver(config, staged);
    process.stdout.write(
      `restored ${count} objects of ${manifest.instance} on ${manifest.nodeName}, as of ${manifest.createdAt}\n`,
    );
    if (comesBack) await untilReady(config);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** Answers whether k2d serves again, as it did before. */
async function takeOver(config: Config, staged: string): Promise<boolean> {
  const { dataPath, instance } = config;
  const engine = await engineOf(config);
  const hold = await holdK2d(config, engine);
  try {
    // What an earlier one did not finish is in place before it is replaced.
    if (existsSync(join(dataPath, RESTORED))) await finishRestore(dataPath);
    await removeWorkloads(engine, instance);
    await decideUpon(dataPath, staged);
    await finishRestore(dataPath);
  } catch (error) {
    await hold.release();
    throw error;
  }
  return hold.release();
}

async function untilReady(config: Config): Promise<void> {
  const isReady = async () => (await (await apiOf(config))('/readyz')).status === 200;
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await sleep(200))
    if (await isReady().catch(() => false)) return;
  throw new Error('the state is restored, and k2d does not serve it yet: see its log');
}
