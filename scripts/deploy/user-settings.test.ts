import { describe, expect, it } from 'vitest';
import { userSettings } from './user-settings.ts';

const home = { HOME: '/home/ann' };
const there = () => true;
const nowhere = () => false;

describe('userSettings', () => {
  it("leaves root's as they are", () => {
    expect(userSettings(home, 0, there)).toEqual(home);
  });

  it('are those of a Podman of the user’s own', () => {
    expect(userSettings({ ...home, K2D_PORT: '7443' }, 1000, there)).toEqual({
      ...home,
      K2D_PORT: '7443',
      K2D_RUNTIME: 'podman',
      K2D_RUNTIME_SOCKET: '/run/user/1000/podman/podman.sock',
      K2D_DATA_PATH: '/home/ann/.local/share/k2d',
      K2D_ADVERTISE_ADDR: expect.stringMatching(/^[\d.]+$/),
    });
  });

  it('keep what is set', () => {
    const set = { ...home, XDG_RUNTIME_DIR: '/run/ann', K2D_DATA_PATH: '/data', K2D_ADVERTISE_ADDR: '10.0.0.7' };
    expect(userSettings(set, 1000, there)).toMatchObject({
      ...set,
      K2D_RUNTIME_SOCKET: '/run/ann/podman/podman.sock',
    });
  });

  it.each([
    ['without one', home, nowhere],
    ['with another socket', { ...home, K2D_RUNTIME_SOCKET: '/var/run/docker.sock' }, there],
  ])('stay as they are %s', (_, env, isThere) => {
    expect(userSettings(env, 1000, isThere)).toEqual(env);
  });
});
