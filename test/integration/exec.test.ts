import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
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
import { MEMORY_LIMIT, peakMemory } from './peak-memory.ts';
import { useK2d } from './use-k2d.ts';
import { wires } from './wires.ts';

type Kubeconfig = { users: { user: Readonly<Record<string, string>> }[] };

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const data of createReadStream(file)) hash.update(data as Buffer);
  return hash.digest('hex');
}

async function writeRandom(file: string, megabytes: number): Promise<void> {
  for (let count = 0; count < megabytes; count += 1) await appendFile(file, randomBytes(1_000_000));
}

describe.each(engines)('processes in containers on $kind', (engine) => {
  const k2d = useK2d(engine, 'exec');
  let kubectl: Kubectl;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k2d-exec-'));
    kubectl = await k2d.namespace('shell');
    await kubectl.apply(pod('web', { containers: [busybox(STAY)] }));
    await writeRandom(join(folder, 'there'), 200);
    await kubectl.run('wait --for=condition=Ready pod/web --timeout=100s');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe.each(wires)('over $name', ({ name, env }) => {
    let client: Kubectl;
    beforeAll(() => void (client = kubectl.switched(env)));

    it('have two streams and an exit code', async () => {
      const ended = await client.attempt(['exec', 'web', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']);
      expect(ended).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\ncommand terminated with exit code 3\n' });
    });

    it('read until the end of the input', async () => {
      expect(await client.run('exec -i web -- cat', { input: 'one\ntwo' })).toBe('one\ntwo');
    });

    it('take 200 MB there and back, in little memory', { timeout: 360_000 }, async () => {
      const [there, back] = [join(folder, 'there'), join(folder, `back-${name}`)];
      const peak = await peakMemory(engine, k2d.config.instance, async () => {
        await client.run(['cp', there, 'web:/tmp/file'], { timeoutMs: 170_000 });
        await client.run(['cp', 'web:/tmp/file', back], { timeoutMs: 170_000 });
      });
      expect(await hashOf(back)).toBe(await hashOf(there));
      await rm(back);
      expect(peak).toBeLessThan(MEMORY_LIMIT);
    });

    /**
     * How kubectl ends in a terminal of 33 rows and 111 columns, with words for a shell inside that waits until its own is as large. `aside` is done
     * in the terminal meanwhile.
     */
    const inTerminal = async (words: string, script: string, aside: (kubectl: string) => string = () => 'true') => {
      const plain = `${kubectlBinary('1.35')} --kubeconfig ${k2d.config.kubeconfigPath} --namespace shell`;
      const inside = `until stty size | grep -q "33 111"; do sleep 0.1; done; ${script}`;
      const command = `stty rows 33 cols 111; (${aside(plain)}) & ${plain} ${words} -- sh -c '${inside}'`;
      const options = { timeout: 150_000, maxBuffer: 64_000_000, env: { ...process.env, ...env } };
      return promisify(execFile)('script', ['-qec', command, '/dev/null'], options);
    };

    it('have a terminal, also one that changes its size, in little memory', async () => {
      const resized = `touch /tmp/small-${name}; until stty size | grep -q "44 122"; do sleep 0.1; done`;
      const script = `tty; ${resized}; seq 1000000; exit 4`;
      const peak = await peakMemory(engine, k2d.config.instance, async () => {
        const ended = inTerminal('exec -it web', script, (plain) => {
          const isSmall = `${plain} exec web -- test -e /tmp/small-${name} 2>/dev/null`;
          return `until ${isSmall}; do sleep 0.2; done; stty rows 44 cols 122 </dev/tty`;
        });
        await expect(ended).rejects.toMatchObject({
          code: 4,
          stdout: expect.stringMatching(/\/dev\/pts\/[^]*\b1000000\r\n/),
        });
      });
      expect(peak).toBeLessThan(MEMORY_LIMIT);
    });

    it('are run in a terminal, and leave no pod behind', async () => {
      const podName = `asked-${name.toLowerCase()}`;
      const ended = inTerminal(`run ${podName} -it --rm --restart=Never --image=${BUSYBOX}`, 'tty; exit 4');
      await expect(ended).rejects.toMatchObject({
        code: 4,
        stdout: expect.stringMatching(new RegExp(`/dev/(pts/|console)[^]*pod "${podName}" deleted`)),
      });
      await client.run(`wait --for=delete pod/${podName} --timeout=100s`);
    });

    it('are attached to', async () => {
      const reader = busybox('while read line; do echo got $line; done; echo end', { stdin: true, stdinOnce: true });
      const podName = `reader-${name.toLowerCase()}`;
      await client.apply(pod(podName, { containers: [reader], restartPolicy: 'Never' }));
      await client.run(`wait --for=condition=Ready pod/${podName} --timeout=100s`);
      const { stdout } = await client.attempt(`attach -i ${podName}`, { input: 'hello\n' });
      expect(stdout).toBe('got hello\nend\n');
      expect(await client.run(`logs ${podName}`)).toBe('got hello\nend\n');
    });

    it('are given 50 MB through what they are attached to, in little memory', async () => {
      const podName = `counter-${name.toLowerCase()}`;
      const counter = busybox('wc -c', { stdin: true, stdinOnce: true });
      await client.apply(pod(podName, { containers: [counter], restartPolicy: 'Never' }));
      await client.run(`wait --for=condition=Ready pod/${podName} --timeout=100s`);
      const peak = await peakMemory(engine, k2d.config.instance, async () => {
        const told = await client.run(`attach -i ${podName}`, { input: 'k'.repeat(50_000_000), timeoutMs: 170_000 });
        expect(told).toBe('50000000\n');
      });
      expect(peak).toBeLessThan(MEMORY_LIMIT);
    });
  });

  it('run over what kubectl 1.27 speaks', async () => {
    const ended = await kubectl
      .at('1.27')
      .attempt(['exec', '-i', 'web', '--', 'sh', '-c', 'cat; exit 5'], { input: 'one' });
    expect(ended).toMatchObject({ code: 5, stdout: 'one' });
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
    await kubectl.run('wait --for=jsonpath={.status.phase}=Succeeded pod/talker --timeout=100s');
    const messages = await overWebSocket('talker/log?follow=true', 'binary.k8s.io');
    expect(Buffer.concat(messages).toString()).toBe(said);
  });

  it('have logs of 10 000 lines a second, in little memory', { timeout: 200_000 }, async () => {
    const script = 'until [ -e /go ]; do sleep 0.1; done; for second in 1 2 3 4 5 6; do seq 10000; sleep 1; done';
    await kubectl.apply(pod('chatty', { restartPolicy: 'Never', containers: [busybox(script)] }));
    await kubectl.run('wait --for=condition=Ready pod/chatty --timeout=100s');
    let text = '';
    const peak = await peakMemory(engine, k2d.config.instance, async () => {
      const followed = kubectl.run('logs -f chatty', { timeoutMs: 170_000 });
      await kubectl.run('exec chatty -- touch /go');
      text = await followed;
    });
    expect(text.trimEnd().split('\n')).toHaveLength(60_000);
    expect(peak).toBeLessThan(MEMORY_LIMIT);
  });

  it('end with 126 or 127 when the command does not exist', async () => {
    const { code, stdout, stderr } = await kubectl.attempt('exec web -- /no/such');
    expect([126, 127]).toContain(code);
    expect(stdout + stderr).toContain('/no/such');
  });
});
