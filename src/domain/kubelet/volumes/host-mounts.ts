/** A mount of the host's files; `path` is where it is on the host. */
export type HostMount = { path: string; hearsOfMounts: boolean };

/**
 * What of the host is mounted at or below `root`, of the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). A slave (`master:N`) or
 * peer (`shared:N`) of the host's mount gets the mounts that the host makes later.
 */
export const hostMounts = (mountinfo: string, root: string): HostMount[] =>
  mountinfo.split('\n').flatMap((line) => {
    const [fields = ''] = line.split(' - ');
    const [, , , , point = '', , ...propagation] = fields.split(' ');
    const path = unescaped(point);
    if (path !== root && !path.startsWith(`${root}/`)) return [];
    return [
      { path: path.slice(root.length) || '/', hearsOfMounts: propagation.some((p) => /^(master|shared):/.test(p)) },
    ];
  });

/** Blanks and their like are written as three octal digits. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
