import type { RegistryAuth } from '../../container-runtime/image.ts';
import type { Secret } from '../../meta/types.ts';

type DockerConfig = { auths?: Record<string, { username?: string; password?: string; auth?: string }> };

/** `localhost:5000/a/b:1` is at `localhost:5000`; a first part without dot and colon is a path on Docker Hub. */
export function registryOf(image: string): string {
  const first = image.split('/')[0]!;
  return image.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

const hostOf = (server: string): string => {
  const host = server.replace(/^https?:\/\//, '').replace(/\/(v1|v2)?\/?$/, '');
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
};

/** The first of the pull secrets that fits the image's registry; a secret that cannot be read is passed over. */
export function credentialsFor(image: string, secrets: readonly (Secret | undefined)[]): RegistryAuth | undefined {
  const registry = registryOf(image);
  for (const secret of secrets) {
    for (const [server, entry] of Object.entries(configOf(secret).auths ?? {})) {
      const host = hostOf(server);
      if (host !== registry && !`${registry}/${image.slice(registry.length + 1)}`.startsWith(`${host}/`)) continue;
      const [user = '', ...rest] = Buffer.from(entry.auth ?? '', 'base64')
        .toString()
        .split(':');
      const username = entry.username ?? user;
      const password = entry.password ?? rest.join(':');
      if (username !== '') return { username, password, server: registry };
    }
  }
  return undefined;
}

function configOf(secret: Secret | undefined): DockerConfig {
  const modern = secret?.data?.['.dockerconfigjson'];
  const old = secret?.data?.['.dockercfg'];
  try {
    if (modern !== undefined)
      return (JSON.parse(Buffer.from(modern, 'base64').toString()) as DockerConfig | null) ?? {};
    if (old !== undefined)
      return { auths: JSON.parse(Buffer.from(old, 'base64').toString()) as NonNullable<DockerConfig['auths']> };
  } catch {
    return {};
  }
  return {};
}
