import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setInterval } from 'node:timers';

/**
 * A pseudo terminal that speaks like an instrument on a serial port: a line every 100 ms. `link` leads to it, as /dev/serial/by-id does to a
 * port. Members of `group` may use it. Ends with what it answers.
 */
export async function serialPort(link: string, group: number, line: string): Promise<() => Promise<void>> {
  const script = `stty raw -echo; chown 0:${group} $(tty); chmod 0660 $(tty); ln -s $(tty) ${link}; echo ready; sleep 600`;
  const terminal = spawn('script', ['--quiet', '--command', script, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(terminal.stdout, 'data');
  const speaking = setInterval(() => terminal.stdin.write(`${line}\n`), 100);
  return async () => {
    clearInterval(speaking);
    const ended = once(terminal, 'exit');
    terminal.stdin.end();
    terminal.kill('SIGKILL');
    await ended;
  };
}
