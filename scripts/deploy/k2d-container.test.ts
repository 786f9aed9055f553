import { describe, expect, it } from 'vitest';
import { CONFIG_LABEL, k2dContainer } from './k2d-container.ts';

const config = { instance: 'k2d', dataPath: '/var/lib/k2d', port: 6443 };
const image = { name: 'localhost/k2d:1', id: 'sha256:1' };
const host = { rootIsShared: true };
const docker = {
  kind: 'docker',
  socket: '/var/run/docker.sock',
  dataRoot: '/var/lib/docker',
  rootless: false,
} as const;

const hashOf = (spec: ReturnType<typeof k2dContainer>) => spec.Labels?.[CONFIG_LABEL];
const targetsOf = (spec: ReturnType<typeof k2dContainer>) => spec.HostConfig?.Mounts?.map((mount) => mount.Target);

describe('k2dContainer', () => {
  it("hands on k2d's variables and no others", () => {
    const spec = k2dContainer(config, { K2D_PORT: '7443', HOME: '/root' }, docker, image, host);
    expect(spec.Env).toEqual([
      'K2D_HOST_ROOT=/host/root',
      'K2D_PORT=7443',
      'K2D_RUNTIME=docker',
      'K2D_RUNTIME_SOCKET=/host/run/docker.sock',
      'XTABLES_LOCKFILE=/host/run/xtables.lock',
    ]);
  });

  it.each([
    ['/run/podman/podman.sock', '/host/run/podman/podman.sock', undefined],
    ['/run/user/1000/podman/podman.sock', '/host/engine/podman.sock', '/run/user/1000/podman'],
    ['/opt/engine/docker.sock', '/host/engine/docker.sock', '/opt/engine'],
  ])('reaches the engine on %s', (socket, inContainer, mounted) => {
    const spec = k2dContainer(config, {}, { ...docker, kind: 'podman', socket }, image, host);
    expect(spec.Env).toContain(`K2D_RUNTIME_SOCKET=${inContainer}`);
    expect(spec.HostConfig?.Mounts?.find((mount) => mount.Target === '/host/engine')?.Source).toBe(mounted);
  });

  it('sees what the host mounts later, or holds no mount of the host', () => {
    const hostConfig = (rootIsShared: boolean) => k2dContainer(config, {}, docker, image, { rootIsShared }).HostConfig;
    expect(hostConfig(true)?.Binds).toEqual(['/:/host/root:rslave']);
    expect(hostConfig(false)?.Binds).toEqual(['/dev:/host/root/dev:rprivate']);
    expect(hostConfig(false)?.Mounts).toContainEqual({
      Type: 'bind',
      Source: '/',
      Target: '/host/root',
      BindOptions: { NonRecursive: true },
    });
  });

  it('mounts nothing else', () => {
    expect(targetsOf(k2dContainer(config, {}, docker, image, host))).toEqual([
      '/var/lib/k2d',
      '/host/run',
      '/hostnet',
      '/host/engine-data',
    ]);
  });

  it('is one of the pods where the engine has no way into the host', () => {
    const socket = '/run/user/1000/podman/podman.sock';
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
    const spec = k2dContainer(config, env, { ...docker, kind: 'podman', socket, rootless: true }, image, {
      rootIsShared: false,
    });
    expect(spec.HostConfig).toMatchObject({ NetworkMode: 'k2d', PortBindings: { '6443/tcp': [{ HostPort: '6443' }] } });
    expect(spec.HostConfig?.Binds).toEqual(['/run/user/1000/netns:/host/netns:ro,rslave', '/:/host/root:rslave']);
    expect(targetsOf(spec)).toEqual(['/var/lib/k2d', '/host/engine']);
  });

  it('changes its hash with a setting and with the image, not with the order of the environment', () => {
    const hash = hashOf(k2dContainer(config, { K2D_PORT: '1', K2D_LOG_LEVEL: 'info' }, docker, image, host));
    expect(hashOf(k2dContainer(config, { K2D_LOG_LEVEL: 'info', K2D_PORT: '1' }, docker, image, host))).toBe(hash);
    expect(hashOf(k2dContainer(config, { K2D_PORT: '2', K2D_LOG_LEVEL: 'info' }, docker, image, host))).not.toBe(hash);
    expect(
      hashOf(
        k2dContainer(config, { K2D_PORT: '1', K2D_LOG_LEVEL: 'info' }, docker, { ...image, id: 'sha256:2' }, host),
      ),
    ).not.toBe(hash);
  });
});
