import { basename, dirname, join } from 'node:path';
import type Dockerode from 'dockerode';
import { BUSYBOX, importRootFilesystem, NODE, type RootFilesystem } from './root-filesystem.ts';

/** A base for the Dockerfile where no registry can be reached: what the official image has, as far as k2d uses it. */
const BASE: RootFilesystem = {
  programs: [
    NODE,
    { program: 'nft', package: 'nftables' },
    { program: 'conntrack', package: 'conntrack' },
    { program: 'ip', package: 'iproute2' },
    { program: 'xtables-nft-multi', package: 'iptables', names: ['iptables-nft'], opens: xtablesExtensions },
    { program: 'xtables-legacy-multi', package: 'iptables', names: ['iptables-legacy'], opens: xtablesExtensions },
    { program: 'nsenter', package: 'util-linux' },
    { program: 'catatonit', package: 'catatonit' },
    BUSYBOX,
  ],
};

/**
 * iptables opens one file per match and target, in a folder beside libxtables.so that is compiled into it; k2d's rules use
 * `-m conntrack`, `-m comment` and the built-in verdicts.
 */
function xtablesExtensions(libraries: readonly string[]): string[] {
  const library = libraries.find((path) => basename(path).startsWith('libxtables.so'));
  if (!library)
    throw new Error(`no libxtables among ${libraries.join(', ')}: cannot tell where iptables' extensions are`);
  const folder = join('/usr', dirname(library).replace(/^\/usr/, ''), 'xtables');
  return ['libxt_conntrack.so', 'libxt_comment.so', 'libxt_standard.so'].map((name) => join(folder, name));
}

/** Imports the base unless this very one is there already. Returns its name. */
export async function importBaseImage(engine: Dockerode): Promise<string> {
  const name = 'localhost/k2d-base:latest';
  await importRootFilesystem(engine, name, BASE);
  return name;
}
