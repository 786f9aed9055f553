import { join } from 'node:path';
import { readConfig } from './config.ts';

/** The commands of `k2d`, each loaded only when it is asked for. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve(readConfig(process.env), openApiDirectory()),
  kubeconfig: async (args) => {
    const { administratorKubeconfig } = await import('./cli/kubeconfig.ts');
    process.stdout.write(await administratorKubeconfig(readConfig(process.env), serverOption(args)));
  },
  version: async () => {
    const { kubernetesVersion } = await import('./version.ts');
    process.stdout.write(`k2d for Kubernetes ${kubernetesVersion.gitVersion}\n`);
  },
  help: () => Promise.resolve(void process.stdout.write(usage)),
};

const usage = `usage: k2d COMMAND
  serve                       run the API server and the kubelet (the container's own command)
  kubeconfig [--server HOST]  print the administrator's kubeconfig
  version                     print the version of the Kubernetes API
  help                        print this text
Settings are K2D_… variables of the environment; see the README.
`;

/** The build puts the documents beside the bundle; run from the sources, k2d takes those of the last build. */
function openApiDirectory(): string {
  return join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../dist/openapi' : 'openapi');
}

function serverOption(args: readonly string[]): string | undefined {
  const at = args.indexOf('--server');
  if (at < 0) return undefined;
  const host = args[at + 1];
  if (host === undefined) throw new TypeError('--server needs a host name or an address');
  return host;
}

const [name = 'help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  process.stderr.write(`k2d: no command ${JSON.stringify(name)}\n${usage}`);
  process.exitCode = 2;
} else {
  // A server that failed half-way still has open handles; they must not keep a process alive that serves nobody.
  await command(args).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`k2d: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
