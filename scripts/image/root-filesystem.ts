import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type Dockerode from 'dockerode';
import { installPackages } from '../machine/install-packages.ts';
import { programPath } from '../machine/program-path.ts';

const run = promisify(execFile);

/** What an image holds when it is made of this machine's programs: each with exactly the libraries that the loader opens for it. */
export interface RootFilesystem {
  readonly programs: readonly Program[];
  /** Path in the image → text. A path below /usr/local/bin becomes a program. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Path in the image → folder on this machine. Its content has to follow from the rest, or from `version`. */
  readonly folders?: Readonly<Record<string, string>>;
  readonly version?: string;
  /** Dockerfile instructions: CMD, ENV, USER, … */
  readonly changes?: readonly string[];
}

export interface Program {
  readonly program: string;
  /** Debian's package, installed where the program is missing. */
  readonly package: string;
  /** The other names it is called by; such programs look at argv[0]. */
  readonly names?: readonly string[];
  /** Files that it opens by name and the loader does not know of. */
  readonly opens?: (libraries: readonly string[]) => readonly string[];
}

const ROOT_ONLY = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  '/etc/nsswitch.conf': 'hosts: files dns\n',
};

/** A shell and what a person looks around with. busybox prefers its own applets to programs of the same name. */
export const BUSYBOX: Program = {
  program: 'busybox',
  package: 'busybox-static',
  names: ['sh', 'rm', 'ls', 'cat', 'ps'],
};
/** The Node that runs this script. */
export const NODE: Program = { program: 'node', package: 'nodejs' };

const CONTENT_LABEL = 'k2d.io/content-hash';

/** Imports the image unless the engine holds exactly this one under that name. */
export async function importRootFilesystem(engine: Dockerode, name: string, content: RootFilesystem): Promise<void> {
  const missing = content.programs.filter(({ program }) => !programPath(program));
  if (missing.length > 0) await installPackages([...new Set(missing.map((program) => program.package))]);
  const files = await filesOf(content.programs);
  const hash = await contentHash(content, files);
  if ((await labelOf(engine, name)) === hash) return;
  const root = await mkdtemp(join(tmpdir(), 'k2d-image-'));
  try {
    await layOut(root, content, files);
    await importFolder(engine, root, name, [...(content.changes ?? []), `LABEL ${CONTENT_LABEL}=${hash}`]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  // The image that had the name before, unless a container still uses it.
  await engine.pruneImages({ filters: { dangling: ['true'], label: [CONTENT_LABEL] } });
}

/** Path in the image → file on this machine. */
async function filesOf(programs: readonly Program[]): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { program, opens } of programs) {
    const file = await realpath(program === NODE.program ? process.execPath : (programPath(program) ?? program));
    const libraries = await librariesOf(file);
    files.set(join('/usr/bin', program), file);
    for (const path of [...libraries, ...(opens?.(libraries) ?? [])]) files.set(path, await realpath(path));
  }
  return files;
}

/** What `ldd` says a program opens, as the absolute paths under which it looks. Empty for a static program, where ldd fails. */
async function librariesOf(file: string): Promise<string[]> {
  const { stdout } = await run('ldd', [file]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
}

async function contentHash(content: RootFilesystem, files: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([content, programPath('strip') ?? '']));
  for (const [path, file] of files) hash.update(path).update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

async function labelOf(engine: Dockerode, name: string): Promise<string | undefined> {
  const image = await engine
    .getImage(name)
    .inspect()
    .catch(() => undefined);
  return image?.Config.Labels?.[CONTENT_LABEL];
}

async function layOut(root: string, content: RootFilesystem, files: ReadonlyMap<string, string>): Promise<void> {
  await layOutFolders(root);
  for (const [path, file] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(file, join(root, path));
  }
  for (const { program, names = [] } of content.programs) {
    for (const name of names) await symlink(program, join(root, 'usr/bin', name));
  }
  // Node comes with its symbol table: 17 MB that nothing reads. Where the machine has no strip they stay.
  if (files.has('/usr/bin/node') && programPath('strip')) await run('strip', [join(root, 'usr/bin/node')]);
  for (const [path, folder] of Object.entries(content.folders ?? {}))
    await cp(folder, join(root, path), { recursive: true });
  for (const [path, text] of Object.entries({ ...ROOT_ONLY, ...content.texts })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode: path.startsWith('/usr/local/bin/') ? 0o755 : 0o644 });
  }
}

/** Debian's merged /usr: the loader's paths say /lib, the packages' say /usr/lib. */
async function layOutFolders(root: string): Promise<void> {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', folder), { recursive: true });
    await symlink(`usr/${folder}`, join(root, folder));
  }
  for (const folder of ['etc', 'proc', 'sys', 'dev', 'run', 'root', 'var', 'tmp']) await mkdir(join(root, folder));
  await chmod(join(root, 'tmp'), 0o1777);
}

/** The tag goes with the name: Podman's Docker-compatible import (4.3) ignores a `tag` parameter. */
async function importFolder(engine: Dockerode, root: string, name: string, changes: readonly string[]): Promise<void> {
  const flags = ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '--sort=name', '-cf', '-', '.'];
  const tar = spawn('tar', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const answer = await engine.importImage(tar.stdout, { repo: name, changes });
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(answer, (error) => (error ? reject(error) : resolve()));
  });
}
