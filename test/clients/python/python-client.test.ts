import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BUSYBOX } from '../../integration/pods.ts';
import { sharedK2d } from '../kubectl/shared-k2d.ts';
import { python } from './provide-python.ts';

it('the Python client writes, patches, watches, executes and follows logs', async () => {
  const k2d = sharedK2d();
  await k2d.namespace('python');
  const words = [join(import.meta.dirname, 'program.py'), k2d.config.kubeconfigPath, 'python', BUSYBOX];
  const { stdout } = await promisify(execFile)(python, words, { timeout: 170_000 });
  const told = stdout.split('\n').filter((line) => line !== '');
  expect(Object.assign({}, ...told.map((line) => JSON.parse(line) as object))).toEqual({
    created: { a: '1' },
    replaced: { a: '1', b: '2' },
    merged: { b: '2', c: '3' },
    patched: { b: '2', c: '4' },
    listed: ['settings'],
    deleted: [404, 'NotFound'],
    containers: ['main', 'side'],
    scale: 'Scale',
    applied: ['1', 'python'],
    watched: 'snake',
    exec: 'snake\n',
    session: ['out\n', 'err\n', 3],
    followed: ['one', 'two'],
    tail: 'two\n',
  });
});
