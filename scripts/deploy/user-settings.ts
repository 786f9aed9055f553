import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { currentHostAddress } from '../../src/domain/network/host-address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables for whoever runs this. Root's are as they stand; an ordinary user with a Podman of his own gets its socket and a folder in his home
 * (XDG Base Directory Specification), and k2d, which then sees no interface of the host, is told the host's address. What is set stays.
 */
export function userSettings(
  env: Environment,
  uid: number,
  isThere: (path: string) => boolean = existsSync,
): Environment {
  const socket = join(runtimeFolder(env, uid), 'podman/podman.sock');
  if (uid === 0 || (env['K2D_RUNTIME_SOCKET'] ?? socket) !== socket || !isThere(socket)) return env;
  const data = env['XDG_DATA_HOME'] || join(env['HOME'] ?? '/', '.local/share');
  return {
    K2D_RUNTIME: 'podman',
    K2D_RUNTIME_SOCKET: socket,
    K2D_DATA_PATH: join(data, env['K2D_INSTANCE'] || 'k2d'),
    K2D_ADVERTISE_ADDR: currentHostAddress(),
    ...env,
  };
}

/** Where a user's sockets and namespaces are, for as long as he is logged in or lingers. */
export const runtimeFolder = (env: Environment, uid: number): string =>
  env['XDG_RUNTIME_DIR'] || join('/run/user', String(uid));
