import { execFile } from 'node:child_process';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where no init system did it (a container, a minimal image), mounts the cgroup controllers, without which no engine starts anything. */
export async function mountCgroups(): Promise<void> {
  if (/ - cgroup2? /.test(await readFile('/proc/self/mountinfo', 'utf8'))) return;
  await mkdir('/sys/fs/cgroup', { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'cgroup', '/sys/fs/cgroup']);
  for (const controller of await enabledControllers()) {
    const folder = `/sys/fs/cgroup/${controller}`;
    await mkdir(folder);
    // One that the host uses in a version 2 hierarchy cannot be mounted here; engines do without it.
    await run('mount', ['-t', 'cgroup', '-o', controller, 'cgroup', folder]).catch(() => rmdir(folder));
  }
}

/** Lines of /proc/cgroups: name, hierarchy, number of cgroups, enabled (cgroups(7)). */
async function enabledControllers(): Promise<string[]> {
  const lines = (await readFile('/proc/cgroups', 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));
  return lines
    .map((line) => line.split('\t'))
    .flatMap(([name, , , enabled]) => (name && enabled === '1' ? [name] : []));
}
