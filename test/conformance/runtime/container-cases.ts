import { expect } from 'vitest';
import { freePort } from './published-port.ts';
import type { RuntimeBed } from './runtime-bed.ts';

/** Creating, finding and removing. */
export function containerCases(bed: RuntimeBed): void {
  const { test, runtime, spec, start, status, exit, name, labels, image, engineCli } = bed;
  const containers = () => runtime().containers;

  test('a created container waits to be started', async () => {
    const wanted = spec('true');
    const id = await containers().create(wanted);
    expect(await status(id)).toMatchObject({
      id,
      name: wanted.name,
      image,
      state: { kind: 'created' },
      isSandbox: false,
    });
  });

  test('a container carries its labels and the id of its image', async () => {
    const id = await containers().create(spec('true', { labels: { ...labels, note: 'a "quoted", ünicode value' } }));
    const found = await status(id);
    expect(found.labels).toMatchObject({ ...labels, note: 'a "quoted", ünicode value' });
    expect(found.imageId).toBe((await runtime().images.status(image))?.id);
  });

  test('a container is found by its name', async () => {
    const wanted = spec('true');
    const id = await containers().create(wanted);
    expect((await containers().status(wanted.name))?.id).toBe(id);
  });

  test('the beginning of an id is not a name', async () => {
    const id = await containers().create(spec('true'));
    expect(await containers().status(id.slice(0, 12))).toBeUndefined();
    await containers().remove(id.slice(0, 12));
    expect(await containers().status(id)).toBeDefined();
  });

  test('a name with a slash reaches nothing else', async () => {
    expect(await containers().status('../images/json?all=1')).toBeUndefined();
  });

  test('a name that is taken is refused', async () => {
    const wanted = spec('true');
    await containers().create(wanted);
    await expect(containers().create(wanted)).rejects.toMatchObject({ name: 'RuntimeError', code: 'AlreadyExists' });
  });

  test('a missing image is not found', async () => {
    const wanted = spec('true', { image: 'localhost/k2d-no-such-image:1' });
    await expect(containers().create(wanted)).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
  });

  test('a missing network refuses the container, at creation or at start', async () => {
    const network = { mode: 'network', network: name('no-such'), ip: '10.1.1.2' } as const;
    await expect(start(spec('true', bed.own({ network })))).rejects.toMatchObject({ name: 'RuntimeError' });
  });

  test('starting a running container succeeds', async () => {
    const id = await start(spec('sleep 60'));
    await containers().start(id);
    expect((await status(id)).state.kind).toBe('running');
  });

  test('starting a container that is gone is not found', async () => {
    const id = await containers().create(spec('true'));
    await containers().remove(id);
    await expect(containers().start(id)).rejects.toMatchObject({ code: 'NotFound' });
  });

  test('a program that does not exist cannot be started, in the words of the engine', async () => {
    const id = await containers().create(spec('', { command: ['/no/such/program'] }));
    const failure = await containers()
      .start(id)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'RuntimeError', message: expect.stringContaining('/no/such/program') });
    expect(['InvalidArgument', 'Internal']).toContain((failure as { code: string }).code);
  });

  test('stopping a container that is stopped, created or gone succeeds', async () => {
    const id = await containers().create(spec('sleep 60'));
    await containers().stop(id, 1);
    await containers().start(id);
    await containers().stop(id, 1);
    await containers().stop(id, 1);
    await containers().remove(id);
    await containers().stop(id, 1);
  });

  test('removing ends a running container; again succeeds', async () => {
    const id = await start(spec('trap "" TERM; while :; do sleep 1; done'));
    await containers().remove(id);
    expect(await containers().status(id)).toBeUndefined();
    await containers().remove(id);
  });

  test('the list holds every container with its state', async () => {
    const [created, ended, running] = [
      await containers().create(spec('true')),
      await start(spec('true')),
      await start(spec('sleep 60')),
    ];
    await exit(ended);
    const list = await containers().list();
    const stateOf = (id: string) => list.find((container) => container.id === id)?.state;
    expect([created, ended, running].map(stateOf)).toEqual(['created', 'exited', 'running']);
    expect(list.find(({ id }) => id === running)).toMatchObject({ labels, isSandbox: false });
  });

  test('a container that somebody else made is listed, and tells what it was made with', async () => {
    const foreign = name('foreign');
    const hostPort = await freePort();
    const options = [
      '--name',
      foreign,
      '--label',
      'who=else',
      '--env',
      'A=b=c',
      '--workdir',
      '/tmp',
      '--user',
      '65534:65534',
      '--hostname',
      'other',
    ];
    const limits = [
      '--memory',
      '32m',
      '--restart',
      'always',
      '--publish',
      `127.0.0.1:${hostPort}:80/tcp`,
      '--volume',
      '/tmp:/host:ro',
    ];
    await engineCli('run', '--detach', ...options, ...limits, '--entrypoint', 'sleep', image, '600');
    const summary = (await containers().list()).find((container) => container.name === foreign);
    expect(summary).toMatchObject({ name: foreign, state: 'running', isSandbox: false, labels: { who: 'else' } });
    const { config, hostNetwork, addresses } = await status(foreign);
    expect(config).toMatchObject({
      command: ['sleep'],
      args: ['600'],
      env: { A: 'b=c' },
      workingDir: '/tmp',
      user: '65534:65534',
      hostname: 'other',
      tty: false,
      stdin: false,
      privileged: false,
      restart: 'always',
      ports: [{ containerPort: 80, hostPort, hostIp: '127.0.0.1', protocol: 'tcp' }],
      mounts: [{ kind: 'bind', source: '/tmp', target: '/host', readOnly: true }],
      resources: { memoryBytes: 32 * 1024 * 1024 },
    });
    expect(hostNetwork).toBe(false);
    expect(addresses).toEqual([
      { network: expect.any(String), mac: expect.any(String), ip: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) },
    ]);
    await containers().remove(summary?.id ?? '');
    expect(await containers().status(foreign)).toBeUndefined();
  });
}
