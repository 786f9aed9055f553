import { readConfig } from '../config.ts';
import { textOf, textsOf, UsageError, type Command } from './command.ts';
import { administratorKubeconfig, userKubeconfig } from './kubeconfig.ts';

const dayMs = 24 * 3600_000;
const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3600_000, d: dayMs, y: 365 * dayMs };

export const kubeconfigCommand: Command = {
  about: `Prints the administrator's kubeconfig. With --user, makes a certificate for that user, which nothing keeps: it cannot be taken
back before it ends, and may do what roles bound to its user or groups allow (kubectl create rolebinding ... --user NAME).`,
  options: {
    server: { type: 'string', value: 'HOST', help: 'name or address at which the reader reaches this device' },
    user: { type: 'string', value: 'NAME', help: 'a user of this name instead of the administrator' },
    group: { type: 'string', value: 'NAME', multiple: true, help: 'a group of that user; may be given several times' },
    lifetime: { type: 'string', value: 'TIME', help: 'how long it is valid, such as 12h, 90d or 1y (default 90d)' },
  },
  run: async ({ values }) => {
    const config = readConfig(process.env);
    const [server, user, lifetime] = ['server', 'user', 'lifetime'].map((name) => textOf(values, name));
    const groups = textsOf(values, 'group');
    if (user === undefined && (groups.length > 0 || lifetime !== undefined))
      throw new UsageError('--group and --lifetime need --user');
    const text =
      user === undefined
        ? await administratorKubeconfig(config, server)
        : await userKubeconfig(
            config,
            { user: named(user), groups: groups.map(named), lifetimeMs: milliseconds(lifetime ?? '90d') },
            server,
          );
    process.stdout.write(text);
    return 0;
  },
};

/** Of a lifetime; nobody's certificate outlives the authority's. */
function milliseconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdy])$/.exec(text) ?? [];
  const found = Number(count) * (units[unit] ?? Number.NaN);
  if (!(found > 0)) throw new UsageError(`--lifetime ${JSON.stringify(text)} is no time such as 12h, 90d or 1y`);
  return Math.min(found, 30 * units['y']!);
}

/** X.520: names in certificates have 64 characters at most. */
function named(name: string): string {
  if (!/^[^\p{Cc}]{1,64}$/u.test(name))
    throw new UsageError(`${JSON.stringify(name)} is no name of 1 to 64 characters`);
  return name;
}
