import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readConfig, type Config } from '../config.ts';
import { EngineVolumes } from '../domain/kubelet/volumes/engine-volumes.ts';
import { isAbandoned, stateFiles } from './backup/state-files.ts';
import { RESTORED } from './restored-folder.ts';
import { UsageError, type Command } from './command.ts';
import { engineOf } from './engine-of.ts';
import { holdK2d } from './hold/hold-k2d.ts';
import { removeNetworks, removeRules, removeVolumes } from './reset/remove-engine-objects.ts';
import { removeWorkloads } from './reset/remove-workloads.ts';

export const resetCommand: Command = {
  about: `Ends and removes everything of this instance: pods with their containers, networks, rules in the kernel, objects, authority and keys,
and k2d's own container. Images, and what people started themselves, stay; so do the volumes of claims unless --volumes is given.`,
  options: {
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    volumes: { type: 'boolean', help: 'the volumes of claims too, with all files in them' },
  },
  run: async ({ values }) => {
    const config = readConfig(process.env);
    if (values['yes'] !== true) await confirm(config, values['volumes'] === true);
    await reset(config, values['volumes'] === true);
    return 0;
  },
};

async function confirm({ instance, dataPath }: Config, volumes: boolean): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('nobody to ask here: --yes says that it is meant');
  const dialog = createInterface({ input: process.stdin, output: process.stdout });
  const what = `all pods of ${instance}, its state in ${dataPath}${volumes ? ' and the files in its volumes' : ''}`;
  const answer = await dialog
    .question(`This removes ${what}. Type ${instance} to go on: `)
    .finally(() => dialog.close());
  if (answer.trim() !== instance) throw new Error('nothing was removed');
}

async function reset(config: Config, withVolumes: boolean): Promise<void> {
  const { instance, dataPath } = config;
  const engine = await engineOf(config);
  const { rootless } = (await engine.info()).capabilities;
  const hold = await holdK2d(config, engine);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  try {
    say(`removed ${await removeWorkloads(engine, instance)} containers`);
    const claimed = new EngineVolumes(join(dataPath, stateFiles.volumes), engine.volumes, instance);
    await removeVolumes(engine, instance, (volume) => withVolumes || !existsSync(claimed.folderOf(volume)));
    // Those of an engine without root end with the namespace of its networks.
    if (!rootless && config.dataplane !== 'none') await removeRules(config);
    if (!rootless) await removeNetworks(engine, instance);
    await removeState(dataPath, withVolumes);
    say(`removed the state in ${dataPath}${withVolumes ? ', volumes too' : ''}`);
  } catch (error) {
    await hold.release();
    throw error;
  }
  await hold.remove();
  say(`k2d's container ${instance} goes`);
  // k2d's container itself is in that network.
  if (rootless) await removeNetworks(engine, instance).catch(() => say(`then: podman network rm ${instance}`));
}

async function removeState(dataPath: string, withVolumes: boolean): Promise<void> {
  const leftovers = (await readdir(dataPath).catch(() => [])).filter(isAbandoned);
  const { kept, ofDevice, volumes } = stateFiles;
  const state = [...kept, ...ofDevice, RESTORED, ...leftovers, ...(withVolumes ? [volumes] : [])];
  for (const name of state) await rm(join(dataPath, name), { recursive: true, force: true });
  // Not in k2d's container, where it is a mount; nor where somebody has put something else.
  await rmdir(dataPath).catch(() => undefined);
}
