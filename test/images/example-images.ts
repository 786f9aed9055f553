import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Dockerode from 'dockerode';
import { BUSYBOX, importRootFilesystem, NODE, type RootFilesystem } from '../../scripts/image/root-filesystem.ts';
import { step } from '../../scripts/progress.ts';

const run = promisify(execFile);

/**
 * The images of examples/, made of the same software as the published ones, for machines that reach no registry: Debian's
 * Mosquitto, npm's Node-RED and the soft-PLC of examples/modbus-plc. Users, paths, ports and arguments are the published
 * images', so that the manifests are the ones a plant would apply.
 */
export async function importExampleImages(engine: Dockerode): Promise<void> {
  const images = {
    'docker.io/library/eclipse-mosquitto:2': mosquitto,
    'docker.io/nodered/node-red:4': await nodeRed(),
    'localhost/modbus-plc:1': await modbusPlc(),
  };
  for (const [name, content] of Object.entries(images)) {
    await step(`  ${name}`, () => importRootFilesystem(engine, name, content));
  }
}

const MOSQUITTO_USER = 'root:x:0:0:root:/root:/bin/sh\nmosquitto:x:1883:1883:mosquitto:/var/empty:/sbin/nologin\n';

const mosquitto: RootFilesystem = {
  programs: [
    { program: 'mosquitto', package: 'mosquitto' },
    { program: 'mosquitto_sub', package: 'mosquitto-clients' },
    BUSYBOX,
  ],
  texts: { '/etc/passwd': MOSQUITTO_USER, '/etc/group': 'root:x:0:\nmosquitto:x:1883:\n' },
  changes: ['EXPOSE 1883', 'CMD ["mosquitto", "-c", "/mosquitto/config/mosquitto.conf"]'],
};

const NODE_RED_VERSION = '4.1.15';
/** What the published image's entrypoint.sh does. */
const NODE_RED_ENTRYPOINT = '#!/bin/sh\nexec node node_modules/node-red/red.js --userDir /data $FLOWS "$@"\n';

async function nodeRed(): Promise<RootFilesystem> {
  const packages = await npmPackages(`node-red-${NODE_RED_VERSION}`, { 'node-red': NODE_RED_VERSION });
  return {
    programs: [NODE, BUSYBOX],
    folders: { '/usr/src/node-red/node_modules': packages },
    version: NODE_RED_VERSION,
    texts: {
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode-red:x:1000:1000:node-red:/usr/src/node-red:/bin/sh\n',
      '/etc/group': 'root:x:0:\nnode-red:x:1000:\n',
      '/usr/local/bin/entrypoint.sh': NODE_RED_ENTRYPOINT,
    },
    changes: [
      'WORKDIR /usr/src/node-red',
      'USER node-red',
      'ENV FLOWS=flows.json',
      'EXPOSE 1880',
      'ENTRYPOINT ["entrypoint.sh"]',
    ],
  };
}

async function modbusPlc(): Promise<RootFilesystem> {
  const folder = join(import.meta.dirname, '../../examples/modbus-plc');
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  return {
    programs: [NODE, BUSYBOX],
    folders: { '/plc/node_modules': await npmPackages(`modbus-plc-${dependencies['modbus-serial']}`, dependencies) },
    texts: { '/plc/package.json': manifest, '/plc/plc.mjs': await readFile(join(folder, 'plc.mjs'), 'utf8') },
    changes: ['WORKDIR /plc', 'USER nobody', 'EXPOSE 1502', 'CMD ["node", "plc.mjs"]'],
  };
}

/** Installs packages once for this machine. Returns their node_modules; a folder that is there is complete. */
async function npmPackages(key: string, dependencies: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'k2d', key);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await writeFile(join(unfinished, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await step(`Installing ${key} from npm`, () =>
      run('npm', ['install', '--omit=dev', '--omit=optional', '--omit=peer', '--ignore-scripts', '--no-audit'], {
        cwd: unfinished,
      }),
    );
    await rename(unfinished, folder);
  }
  return join(folder, 'node_modules');
}
