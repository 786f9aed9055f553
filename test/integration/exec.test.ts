import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import type { Kubectl } from '../clients/kubectl.ts';
import { kubectlBinary } from '../clients/kubectl-binary.ts';
import { engines } from './engines.ts';
import { BUSYBOX, busybox, pod, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

type Kubeconfig = { users: { user: Readonly<Record<string, string>> }[] };

const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe.each(engines)('processes in containers on $kind', (engine) => {
  const k2d = useK2d(engine, 'exec');
  let kubectl: Kubectl;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k2d-exec-'));
    kubectl = await k2d.namespace('shell');
    const reader = busybox('while read line; do echo got $line; done; echo end', { stdin: true, stdinOnce: true });
    await kubectl.apply(
      pod('web', { containers: [busybox(STAY)] }),
      pod('reader', { containers: [reader], restartPolicy: 'Never' }),
    );
    await kubectl.run('wait --for=condition=Ready pod/web pod/reader --timeout=30s');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('have two streams and an exit code', async () => {
    const ended = await kubectl.attempt(['exec', 'web', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(ended).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\ncommand terminated with exit code 3\n' });
  });

  it('read until the end of the input', async () => {
    expect(await kubectl.run('exec -i web -- cat', { input: 'one\ntwo' })).toBe('one\ntwo');
  });

  it('take files there and back', async () => {
    const data = randomBytes(20_000_000);
    const [there, back] = [join(folder, 'there'), join(folder, 'back')];
    await writeFile(there, data);
    await kubectl.run(['cp', there, 'web:/tmp/file']);
    await kubectl.run(['cp', 'web:/tmp/file', back]);
    expect(hash(await readFile(back))).toBe(hash(data));
  });

  /** How kubectl ends in a terminal of 33 rows and 111 columns, with words for a shell inside that waits until its own is as large. */
  const inTerminal = async (words: string, script: string) => {
    const flags = `--kubeconfig ${k2d.config.kubeconfigPath} --namespace shell`;
    const inside = `until stty size | grep -q "33 111"; do sleep 0.1; done; ${script}`;
    const command = `stty rows 33 cols 111; ${kubectlBinary('1.35')} ${flags} ${words} -- sh -c '${inside}'`;
    return promisify(execFile)('script', ['-qec', command, '/dev/null'], { timeout: 90_000 });
  };

  it('have a terminal', async () => {
    const ended = inTerminal('exec -it web', 'tty; exit 4');
    await expect(ended).rejects.toMatchObject({ code: 4, stdout: expect.stringContaining('/dev/pts/') });
  });

  it('are run in a terminal, and leave no pod behind', async () => {
    const ended = inTerminal(`run asked -it --rm --restart=Never --image=${BUSYBOX}`, 'tty; exit 4');
    await expect(ended).rejects.toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/\/dev\/(pts\/|console)[^]*pod "asked" deleted/),
    });
    await kubectl.run('wait --for=delete pod/asked --timeout=50s');
  });

  it('are attached to', async () => {
    const { stdout } = await kubectl.attempt('attach -i reader', { input: 'hello\n' });
    expect(stdout).toBe('got hello\nend\n');
    expect(await kubectl.run('logs reader')).toBe('got hello\nend\n');
  });

  /** What comes over a WebSocket until it ends, as a client with nothing but the protocol sees it. */
  const overWebSocket = async (path: string, protocol: string): Promise<Buffer[]> => {
    const { users } = parse(await readFile(k2d.config.kubeconfigPath, 'utf8')) as Kubeconfig;
    const pem = (key: string) => Buffer.from(users[0]!.user[key]!, 'base64');
    const url = `${k2d.url.replace('https', 'wss')}/api/v1/namespaces/shell/pods/${path}`;
    const credentials = { cert: pem('client-certificate-data'), key: pem('client-key-data') };
    const socket = new WebSocket(url, [protocol], { rejectUnauthorized: false, ...credentials });
    const messages: Buffer[] = [];
    socket.on('message', (data) => void messages.push(data as Buffer));
    await once(socket, 'close');
    return messages;
  };

  it('write to channels of a WebSocket', async () => {
    const words = ['cat', '/etc/resolv.conf'].map((word) => `&command=${encodeURIComponent(word)}`).join('');
    const messages = await overWebSocket(`web/exec?stdout=1&stderr=1${words}`, 'channel.k8s.io');
    const output = messages.filter((message) => message[0] === 1).map((message) => message.subarray(1));
    expect(Buffer.concat(output).toString()).toBe(await kubectl.run('exec web -- cat /etc/resolv.conf'));
  });

  it('have logs over a WebSocket', async () => {
    const said = 'container is alive\n'.repeat(100);
    const script = "for i in $(seq 100); do echo 'container is alive'; done";
    await kubectl.apply(pod('talker', { containers: [busybox(script)], restartPolicy: 'Never' }));
    await kubectl.run('wait --for=jsonpath={.status.phase}=Succeeded pod/talker --timeout=30s');
    const messages = await overWebSocket('talker/log?follow=true', 'binary.k8s.io');
    expect(Buffer.concat(messages).toString()).toBe(said);
  });

  it('end with 126 or 127 when the command does not exist', async () => {
    const { code, stdout, stderr } = await kubectl.attempt('exec web -- /no/such');
    expect([126, 127]).toContain(code);
    expect(stdout + stderr).toContain('/no/such');
  });
});
