import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, type Config } from '../config.ts';
import { kubernetesVersion } from '../version.ts';
import { writeTar } from './archive/write-tar.ts';
import { backupMembers } from './backup/backup-members.ts';
import { FORMAT } from './backup/manifest.ts';
import { takeSnapshot } from './backup/snapshot.ts';
import { beside, isAbandoned } from './backup/state-files.ts';
import { writeOutput } from './backup/write-output.ts';
import type { Command } from './command.ts';
import { neverStarted } from './never-started.ts';

export const backupCommand: Command = {
  about: `Writes everything that a new device needs to take the place of this one: all objects as they are at one moment, the authority with
its keys, and with --volumes the files in the volumes of claims. k2d may run meanwhile; files in volumes are read as they are, so
stop what cannot be copied while it works. The archive gives whoever reads it all rights on the device: keep it like a password.`,
  options: { volumes: { type: 'boolean', help: 'with the files in the volumes of claims' } },
  positional: {
    name: 'FILE',
    required: false,
    help: 'where to (mode 0600, replaced at one stroke); default: standard output',
  },
  run: async ({ values, positional }) => {
    await backup(readConfig(process.env), values['volumes'] === true, positional);
    return 0;
  },
};

async function backup(config: Config, volumes: boolean, file: string | undefined): Promise<void> {
  const { dataPath, instance, nodeName, serviceCidr } = config;
  await removeAbandoned(dataPath);
  const folder = beside(dataPath, 'backup', randomUUID());
  try {
    const files = await takeSnapshot(dataPath, folder);
    if (!files.some(({ path }) => path.startsWith('pki/'))) throw neverStarted(config);
    const createdAt = new Date().toISOString();
    const manifest = {
      format: FORMAT,
      kubernetes: kubernetesVersion.gitVersion,
      instance,
      nodeName,
      serviceCidr,
      createdAt,
      volumes,
    };
    await writeOutput(file, writeTar(backupMembers(manifest, files, dataPath)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Left behind by a power cut. Another backup may be under way: it lasts seconds to minutes. */
async function removeAbandoned(dataPath: string): Promise<void> {
  const names = await readdir(dataPath).catch((cause: unknown) => {
    throw neverStarted({ dataPath }, cause);
  });
  for (const name of names.filter(isAbandoned)) {
    const { mtimeMs } = await stat(join(dataPath, name));
    if (Date.now() - mtimeMs > 24 * 3600_000) await rm(join(dataPath, name), { recursive: true, force: true });
  }
}
