import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import { serialPort } from './serial-port.ts';

const run = promisify(execFile);

/** dialout on Debian. */
const dialout = 20;

const mounting = (script: string, path: string, type: string, { context = {}, pod = {}, mount = {} } = {}) => ({
  restartPolicy: 'Never',
  ...pod,
  containers: [
    {
      name: 'main',
      image: BUSYBOX,
      command: ['sh', '-c', script],
      securityContext: context,
      volumeMounts: [{ name: 'host', mountPath: '/dev/on-host', ...mount }],
    },
  ],
  volumes: [{ name: 'host', hostPath: { path, type } }],
});

const unprivileged = {
  pod: {
    securityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, supplementalGroups: [dialout] },
  },
  context: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
};

/** What opening it answers; a control group that forbids says so before the device is asked. */
const opens =
  '(: </dev/on-host) 2>&1 | grep -o "not permitted"; (: >/dev/on-host) 2>&1 | grep -o "not permitted"; echo end';

const blockDevice = async (folder: string) => {
  await run('mknod', [join(folder, 'disk'), 'b', '7', '0']);
};

const refusedAs =
  (what: string): FieldCase['shows'] =>
  async (pod) => {
    const text = new RegExp(
      `^FailedMount: MountVolume.SetUp failed for volume "host" : hostPath type check failed: .+ is not ${what}$`,
    );
    await pod.untilEvent(text);
  };

/** Paths and devices of the host. */
export const deviceCases: readonly FieldCase[] = [
  {
    field: 'spec.volumes.hostPath.type (CharDevice, a serial port)',
    onHost: (folder) => serialPort(join(folder, 'by-id'), dialout, 'temperature 21.5'),
    spec: (folder) => mounting('head -n 2 /dev/on-host | tail -n 1', join(folder, 'by-id'), 'CharDevice', unprivileged),
    shows: async (pod) => expect(await pod.log()).toBe('temperature 21.5'),
  },
  {
    field: 'spec.volumes.hostPath.type (CharDevice, of another group)',
    onHost: (folder) => serialPort(join(folder, 'by-id'), dialout + 1, 'temperature 21.5'),
    spec: (folder) => mounting('head -n 1 /dev/on-host 2>&1; true', join(folder, 'by-id'), 'CharDevice', unprivileged),
    shows: async (pod) => expect(await pod.log()).toContain('Permission denied'),
  },
  {
    field: 'spec.volumes.hostPath.type (BlockDevice)',
    onHost: blockDevice,
    spec: (folder) => mounting(`test -b /dev/on-host && ${opens}`, join(folder, 'disk'), 'BlockDevice'),
    shows: async (pod) => expect(await pod.log()).toBe('end'),
  },
  {
    field: 'spec.volumes.hostPath.type (BlockDevice, readOnly)',
    onHost: blockDevice,
    spec: (folder) => mounting(opens, join(folder, 'disk'), 'BlockDevice', { mount: { readOnly: true } }),
    shows: async (pod) => expect(await pod.log()).toBe('not permitted\nend'),
  },
  {
    field: 'spec.volumes.hostPath.type (none, and a device)',
    onHost: blockDevice,
    spec: (folder) => mounting(opens, join(folder, 'disk'), ''),
    shows: async (pod) => expect(await pod.log()).toBe('not permitted\nnot permitted\nend'),
  },
  {
    field: 'spec.volumes.hostPath.type (Directory)',
    onHost: async (folder) => {
      await mkdir(join(folder, 'dir/below'), { recursive: true });
    },
    spec: (folder) => mounting('ls /dev/on-host', join(folder, 'dir'), 'Directory'),
    shows: async (pod) => expect(await pod.log()).toBe('below'),
  },
  {
    field: 'spec.volumes.hostPath.type (DirectoryOrCreate)',
    spec: (folder) => mounting('touch /dev/on-host/made', join(folder, 'new/dir'), 'DirectoryOrCreate'),
    shows: async (_pod, folder) => {
      expect(await readdir(join(folder, 'new/dir'))).toEqual(['made']);
      expect((await stat(join(folder, 'new/dir'))).mode & 0o777).toBe(0o755);
    },
  },
  {
    field: 'spec.volumes.hostPath.type (File)',
    onHost: (folder) => writeFile(join(folder, 'file'), 'of the host'),
    spec: (folder) => mounting('cat /dev/on-host', join(folder, 'file'), 'File'),
    shows: async (pod) => expect(await pod.log()).toBe('of the host'),
  },
  {
    field: 'spec.volumes.hostPath.type (FileOrCreate)',
    spec: (folder) => mounting('test -f /dev/on-host && echo made', join(folder, 'file'), 'FileOrCreate'),
    shows: async (pod, folder) => {
      expect(await pod.log()).toBe('made');
      expect((await stat(join(folder, 'file'))).mode & 0o777).toBe(0o644);
    },
  },
  {
    field: 'spec.volumes.hostPath.type (Socket)',
    onHost: async (folder) => {
      const server = createServer().listen(join(folder, 'socket'));
      await once(server, 'listening');
      return () => void server.close();
    },
    spec: (folder) => mounting('test -S /dev/on-host && echo socket', join(folder, 'socket'), 'Socket'),
    shows: async (pod) => expect(await pod.log()).toBe('socket'),
  },
  {
    field: 'spec.volumes.hostPath.type (Directory, a file)',
    onHost: (folder) => writeFile(join(folder, 'file'), ''),
    spec: (folder) => mounting('true', join(folder, 'file'), 'Directory'),
    until: 'Pending',
    shows: refusedAs('a directory'),
  },
  {
    field: 'spec.volumes.hostPath.type (CharDevice, plugged in later)',
    onHost: (folder) => writeFile(join(folder, 'port'), ''),
    spec: (folder) => mounting('test -c /dev/on-host && echo plugged', join(folder, 'port'), 'CharDevice'),
    until: 'Pending',
    shows: async (pod, folder) => {
      await refusedAs('a character device')(pod, folder);
      await run('ln', ['-sf', '/dev/null', join(folder, 'port')]);
      await pod.until('has ended', ({ status }) => status?.phase === 'Succeeded');
      expect(await pod.log()).toBe('plugged');
    },
  },
];
