import type Dockerode from 'dockerode';
import type { HostView } from './host-view.ts';

/** Where k2d's container has the host's `/`. */
export const HOST_ROOT = '/host/root';

const asSlave = `/:${HOST_ROOT}:rslave`;

/** What has options beside its propagation Podman's Docker-compatible API mounts without what is below it (4.3): hence `Binds`. */
type Seen = { Binds: string[]; Mounts: Dockerode.MountSettings[] };

/**
 * For hostPath volumes: their types are checked, and directories made. As a slave of a shared root it shows what the host mounts and
 * unmounts later. Where the root is private (no systemd), a recursive mount would hold every mount that the host has now, so that
 * nothing could be unmounted: there k2d sees the root's own file system and /dev.
 */
export const hostRoot = ({ rootIsShared }: HostView): Seen =>
  rootIsShared
    ? { Binds: [asSlave], Mounts: [] }
    : {
        Binds: [`/dev:${HOST_ROOT}/dev:rprivate`],
        // Docker refuses a private mount of what its own folder is in, but takes one that says nothing, and makes it private.
        Mounts: [{ Type: 'bind', Source: '/', Target: HOST_ROOT, BindOptions: byDefault }],
      };

/** An engine without root has the host's mounts as slaves already, and may mount them together only (mount_namespaces(7)). */
export const hostRootOfUser: Seen = { Binds: [asSlave], Mounts: [] };

/** Whatever propagation the engine takes by itself. `NonRecursive` is missing in dockerode's types, which want a propagation. */
const byDefault = { NonRecursive: true } as unknown as NonNullable<Dockerode.MountSettings['BindOptions']>;
