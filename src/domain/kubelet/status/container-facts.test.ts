import { expect, test } from 'vitest';
import type { ContainerResources } from '../../container-runtime/container.ts';
import { observedContainer, running } from '../pod/observed-fixture.ts';
import { label } from '../pod/pod-identity.ts';
import { containerFacts } from './container-facts.ts';

const made = { limits: { cpu: '500m', memory: '64Mi' }, requests: { cpu: '500m', memory: '64Mi' } };
const given = { limits: { cpu: '1', memory: '128Mi' }, requests: made.requests };
const engineShows = (resources: ContainerResources) => {
  const found = observedContainer('c', running);
  const labels = { ...found.labels, [label.resources]: JSON.stringify(made) };
  return containerFacts({ name: 'c' }, { ...found, labels, config: { ...found.config, resources } }, given);
};
const mebi = 1024 * 1024;

test('a container has what it was given', () => {
  const facts = engineShows({ memoryBytes: 128 * mebi, cpuMillis: 1000, cpuShares: 512 });
  expect(facts).toMatchObject({ resources: given, allocatedResources: made.requests });
});

test('an engine that tells what it was made with tells nothing new', () => {
  expect(engineShows({ memoryBytes: 64 * mebi, cpuMillis: 500, cpuShares: 512 }).resources).toEqual(given);
});

test('less CPU than a kernel can be told is shown as it was given', () => {
  const little = { limits: { cpu: '5m' }, requests: { cpu: '1m' } };
  const found = observedContainer('c', running);
  const resources = { cpuMillis: 10, cpuShares: 2 };
  const facts = containerFacts({ name: 'c' }, { ...found, config: { ...found.config, resources } }, little);
  expect(facts.resources).toEqual(little);
});

test('what somebody changed on the engine shows', () => {
  const { resources } = engineShows({ memoryBytes: 256 * mebi, cpuShares: 512 });
  expect(resources).toEqual({ requests: made.requests, limits: { memory: '256Mi' } });
});
