import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiServer } from './api-server.ts';
import { batch } from './batch.ts';
import type { ConformanceTable } from './conformance-table.ts';
import { deploymentTests } from './deployments.ts';
import { disruptionTests } from './disruption.ts';
import { kubelet } from './kubelet.ts';
import { podVolumes } from './pod-volumes.ts';
import { schedulingTests } from './scheduling.ts';
import { workloadControllers } from './workload-controllers.ts';

const tables: Readonly<Record<string, ConformanceTable>> = {
  apiServer,
  batch,
  deploymentTests,
  disruptionTests,
  kubelet,
  podVolumes,
  schedulingTests,
  workloadControllers,
};
const root = resolve(import.meta.dirname, '../..');

const escaped = (title: string): string => title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** What stands before the title of a test, of a group, or of a row in a table of them. */
const TITLED = String.raw`(?:\(|\b(?:field|name): )\s*`;

/** Whether the source has these titles as texts, and calls a test, a group or a row by at least one of them. */
function hasTest(file: string, titles: readonly string[]): boolean {
  if (!existsSync(file)) return false;
  const source = readFileSync(file, 'utf8');
  const isThere = (title: string, before = '') => new RegExp(`${before}(['"])${escaped(title)}\\1`).test(source);
  return titles.every((title) => isThere(title)) && titles.some((title) => isThere(title, TITLED));
}

describe.each(Object.entries(tables))('%s', (_table, counterparts) => {
  it('names tests that exist, or says why there is none', () => {
    const missing = Object.entries(counterparts).flatMap(([kubernetes, counterpart]) => {
      if ('absent' in counterpart) return counterpart.absent.length > 20 ? [] : [`${kubernetes}: no reason`];
      return counterpart.by
        .filter(([file, ...titles]) => titles.length === 0 || !hasTest(resolve(root, file), titles))
        .map((own) => `${kubernetes}: no ${own.join(' > ')}`);
    });
    expect(missing).toEqual([]);
  });

  it('calls tests by the names that Kubernetes gives them', () => {
    for (const name of Object.keys(counterparts)) expect(name).toMatch(/^\[sig-[a-z-]+\] \S.*\S$/);
  });
});
