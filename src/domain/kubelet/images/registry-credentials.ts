import type { RegistryAuth } from '../../container-runtime/image.ts';
import { fullImageName, splitDomain } from '../../container-runtime/image-name.ts';
import type { Secret } from '../../meta/types.ts';

type Entry = { username?: string; password?: string; auth?: string };
type Credentials = { pattern: Pattern; auth: Omit<RegistryAuth, 'server'> };

/** `*.plant.example:5000/team`: host with wildcards within its labels, port, path. */
type Pattern = { key: string; labels: readonly string[]; port: string; path: string };

/**
 * Those of the pull secrets that fit the image, the most particular first; each is tried until one is accepted, and without any the image is
 * pulled without (kubernetes pkg/credentialprovider/keyring.go BasicDockerKeyring.Lookup). A secret that cannot be read is passed over.
 */
export function credentialsFor(image: string, secrets: readonly (Secret | undefined)[]): RegistryAuth[] {
  const name = fullImageName(image);
  const [server] = splitDomain(name);
  return secrets
    .flatMap(credentialsIn)
    .filter(({ pattern }) => fits(pattern, name))
    .toSorted((a, b) => (a.pattern.key === b.pattern.key ? 0 : a.pattern.key < b.pattern.key ? 1 : -1))
    .map(({ auth }) => ({ ...auth, server }));
}

function credentialsIn(secret: Secret | undefined): Credentials[] {
  return Object.entries(entriesOf(secret)).flatMap(([key, entry]) => {
    const { username = '', password = '' } = decoded(entry);
    return username === '' ? [] : [{ pattern: patternOf(key), auth: { username, password } }];
  });
}

/** `auth` counts more than what it stands for (credentialprovider config.go dockerConfigEntryWithAuth). */
function decoded(entry: Entry | null): { username?: string; password?: string } {
  if (!entry?.auth) return entry ?? {};
  const [username = '', ...rest] = Buffer.from(entry.auth, 'base64').toString().split(':');
  return { username, password: rest.join(':') };
}

/** The two forms of docker's own configuration file: today's, and that of before 2015. */
function entriesOf(secret: Secret | undefined): Record<string, Entry | null> {
  const read = (key: string): unknown => JSON.parse(Buffer.from(secret?.data?.[key] ?? '', 'base64').toString());
  try {
    if (secret?.type === 'kubernetes.io/dockerconfigjson') {
      return (read('.dockerconfigjson') as { auths?: Record<string, Entry> } | null)?.auths ?? {};
    }
    return secret?.type === 'kubernetes.io/dockercfg'
      ? ((read('.dockercfg') as Record<string, Entry> | null) ?? {})
      : {};
  } catch {
    return {};
  }
}

/** `https://index.docker.io/v1/` and the like are Docker Hub; a version at the end of a registry's address is no path. */
function patternOf(key: string): Pattern {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
  const [authority = '', ...path] = bare.split('/');
  const [host = '', port = ''] = authority.split(':');
  const isHub = host === 'index.docker.io' || host === 'registry-1.docker.io';
  return { key: bare, labels: (isHub ? 'docker.io' : host).split('.'), port, path: path.join('/') };
}

/** Labels match one by one, the port exactly, the path as a beginning (URLsMatch). */
function fits({ labels, port, path }: Pattern, name: string): boolean {
  const [domain, rest] = splitDomain(name);
  const [host = '', hostPort = ''] = domain.split(':');
  const hostLabels = host.split('.');
  return (
    port === hostPort &&
    labels.length === hostLabels.length &&
    labels.every((label, index) => globs(label, hostLabels[index]!)) &&
    rest.startsWith(path)
  );
}

/** `*` and `?` within one label; walks without going back more than to the last star, so that no pattern takes long. */
function globs(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, t, p + 1];
    else if (pattern[p] === '?' || pattern[p] === text[t]) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t, mark] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}
