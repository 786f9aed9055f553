import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where a program is, or undefined. /usr/sbin is searched even when the caller's PATH lacks it, as a plain user's does on Debian. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
