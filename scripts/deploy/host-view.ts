import { readFile } from 'node:fs/promises';

/** What of this machine decides how a container can see its files. */
export type HostView = {
  /** The engine can give containers a view of `/` that follows later mounts; systemd makes it so. */
  rootIsShared: boolean;
};

export async function hostView(): Promise<HostView> {
  return { rootIsShared: rootIsShared(await readFile('/proc/1/mountinfo', 'utf8')) };
}

/** Of the text of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
export const rootIsShared = (mountinfo: string): boolean =>
  mountinfo.split('\n').some((line) => {
    const [fields = ''] = line.split(' - ');
    const [, , , , point, , ...propagation] = fields.split(' ');
    return point === '/' && propagation.some((word) => word.startsWith('shared:'));
  });
