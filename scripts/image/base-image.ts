import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type Dockerode from 'dockerode';
import { installPackages } from '../machine/install-packages.ts';
import { programPath } from '../machine/program-path.ts';

const run = promisify(execFile);

/**
 * A base for the Dockerfile where no registry can be reached: Node from the npm package `node`, the network tools from the
 * machine's own packages (Debian's names), each with exactly the libraries that the loader opens for it.
 */
const PROGRAMS: readonly Program[] = [
  { program: 'node', package: 'nodejs', names: [] },
  { program: 'nft', package: 'nftables', names: [] },
  { program: 'conntrack', package: 'conntrack', names: [] },
  { program: 'ip', package: 'iproute2', names: [] },
  { program: 'xtables-nft-multi', package: 'iptables', names: ['iptables-nft'] },
  { program: 'xtables-legacy-multi', package: 'iptables', names: ['iptables-legacy'] },
  { program: 'catatonit', package: 'catatonit', names: [] },
  { program: 'busybox', package: 'busybox-static', names: ['sh', 'rm', 'ls', 'cat', 'ps'] },
];

interface Program {
  readonly program: string;
  readonly package: string;
  /** The other names it is called by; these programs look at argv[0]. */
  readonly names: readonly string[];
}

/** iptables opens one file per match and target; k2d's rules use `-m conntrack`, `-m comment` and the built-in verdicts. */
const XTABLES_EXTENSIONS = ['libxt_conntrack.so', 'libxt_comment.so', 'libxt_standard.so'];

const ETC = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  group: 'root:x:0:\nnogroup:x:65534:\n',
  'nsswitch.conf': 'hosts: files dns\n',
};

/** Imports the base unless this very one is there already. Returns its name. */
export async function importBaseImage(engine: Dockerode): Promise<string> {
  const missing = PROGRAMS.filter(({ program }) => !programPath(program));
  if (missing.length > 0) await installPackages([...new Set(missing.map((program) => program.package))]);
  const files = await baseFiles();
  const name = `localhost/k2d-base:${await contentHash(files)}`;
  if (await exists(engine, name)) return name;
  const root = await mkdtemp(join(tmpdir(), 'k2d-base-'));
  try {
    await layOut(root, files);
    await importFolder(engine, root, name);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return name;
}

/** Path in the image → file on this machine. */
async function baseFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { program } of PROGRAMS) {
    const file = await realpath(program === 'node' ? process.execPath : (programPath(program) ?? program));
    files.set(join('/usr/bin', program), file);
    for (const library of await librariesOf(file)) files.set(library, await realpath(library));
    if (program.startsWith('xtables')) for (const path of await xtablesExtensions(file)) files.set(path, path);
  }
  return files;
}

/** What `ldd` says a program opens, as the absolute paths under which it looks. Empty for a static program, where ldd fails. */
async function librariesOf(file: string): Promise<string[]> {
  const { stdout } = await run('ldd', [file]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
}

/** The extensions lie in a folder beside libxtables.so that is compiled into it. */
async function xtablesExtensions(file: string): Promise<string[]> {
  const library = (await librariesOf(file)).find((path) => basename(path).startsWith('libxtables.so'));
  if (!library) throw new Error(`${file} does not use libxtables: cannot tell where its extensions are`);
  const folder = join('/usr', dirname(library).replace(/^\/usr/, ''), 'xtables');
  return XTABLES_EXTENSIONS.map((name) => join(folder, name));
}

async function contentHash(files: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([ETC, PROGRAMS, programPath('strip') ?? '']));
  for (const [path, file] of files) hash.update(path).update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

async function layOut(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  // Debian's merged /usr: the loader's paths say /lib, the packages' say /usr/lib.
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', folder), { recursive: true });
    await symlink(`usr/${folder}`, join(root, folder));
  }
  for (const folder of ['etc', 'proc', 'sys', 'dev', 'run', 'root', 'var', 'tmp']) await mkdir(join(root, folder));
  await chmod(join(root, 'tmp'), 0o1777);
  for (const [name, text] of Object.entries(ETC)) await writeFile(join(root, 'etc', name), text);
  for (const [path, file] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(file, join(root, path));
  }
  // Node comes with its symbol table: 17 MB that nothing reads. Where the machine has no strip they stay.
  if (programPath('strip')) await run('strip', [join(root, 'usr/bin/node')]);
  for (const { program, names } of PROGRAMS)
    for (const name of names) await symlink(program, join(root, 'usr/bin', name));
}

async function exists(engine: Dockerode, image: string): Promise<boolean> {
  return engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** The tag goes with the name: Podman's Docker-compatible import (4.3) ignores a `tag` parameter. */
async function importFolder(engine: Dockerode, root: string, name: string): Promise<void> {
  const tar = spawn('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answer = await engine.importImage(tar.stdout, { repo: name });
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(answer, (error) => (error ? reject(error) : resolve()));
  });
}
