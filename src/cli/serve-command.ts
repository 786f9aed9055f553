import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { RESTORED } from './restored-folder.ts';
import type { Command } from './command.ts';
import { serve } from './serve.ts';

export const serveCommand: Command = {
  about: 'Runs until SIGTERM; workloads run on. SIGHUP begins anew, which makes way for k2d restore and k2d reset.',
  options: { held: { type: 'string', value: 'PID', help: 'let the command that asked for it finish first' } },
  run: async ({ values }) => {
    const config = readConfig(process.env);
    if (values['held'] !== undefined) await (await import('./hold/until-released.ts')).untilReleased(config);
    if (existsSync(join(config.dataPath, RESTORED)))
      await (await import('./restore/finish-restore.ts')).finishRestore(config.dataPath);
    if ((await serve(config, openApiDirectory())) === 'anew') await beginAnew();
    return 0;
  },
};

/** The same process with nothing of what it was: whatever still runs in it must not touch what a command changes now. */
async function beginAnew(): Promise<void> {
  const holder = await (await import('./hold/holder.ts')).readHolder();
  const held = holder ? ['--held', String(holder.pid)] : [];
  process.removeAllListeners('warning');
  const [node, script] = process.argv;
  process.execve!(
    node!,
    [node!, ...process.execArgv, script!, 'serve', ...held],
    process.env as Record<string, string>,
  );
}

/** The build puts the documents beside the bundle, whose parts are in a folder below; run from the sources, k2d takes those of the last build. */
function openApiDirectory(): string {
  return join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../../dist/openapi' : '../openapi');
}
