import { expect, test } from 'vitest';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { HorizontalPodAutoscaler, Pod } from '../../meta/types.ts';
import { catalog as builtIn } from '../../resources/catalog.ts';
import { deployments } from '../../resources/deployment.ts';
import { horizontalPodAutoscalers } from '../../resources/horizontal-pod-autoscaler.ts';
import { atRest } from '../../resources/pod-usage-fixture.ts';
import type { ReadPodUsage } from '../../resources/pod-usage.ts';
import { pods } from '../../resources/pod.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { Device, type Process, seeds } from '../property-world.ts';
import { startHorizontalPodAutoscalerController } from './horizontal-pod-autoscaler-controller.ts';

const catalog = new ResourceCatalog(builtIn);
const key = { namespace: 'default', name: 'web' };
const labels = { app: 'web' };
const spec = { containers: [{ name: 'c', image: 'i' }] };
/** What a pod is to use of memory, in bytes, and how far from it is near enough. */
const target = 100;
const tolerance = 0.1;
const periodMs = 15_000;

/** Pods that share a load, some of which cannot be measured at times, on an engine that does not always answer. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  readonly #bounds: { min: number; max: number };
  readonly #windowSeconds: number;
  load = 300;
  #silent = new Set<string>();
  #engineAnswers = true;
  /** What was wanted when everything could be measured. */
  #wanted: { time: number; replicas: number }[] = [];
  changes = 0;

  constructor(random: Random) {
    const min = 1 + random.below(3);
    this.#bounds = { min, max: min + 2 + random.below(6) };
    this.#windowSeconds = random.pick([0, 60, 300]);
    const mayFail = ({ definition }: { definition: { kind: string } }) =>
      ['Deployment', 'HorizontalPodAutoscaler'].includes(definition.kind);
    this.device = new Device({ random, mayFail, run: (cluster) => this.#run(cluster) });
  }

  get #registry() {
    return this.device.cluster.registry;
  }

  get replicas(): number {
    return this.#registry.get(deployments, key).spec?.replicas ?? 0;
  }

  get #pods(): Pod[] {
    return this.#registry.all(pods);
  }

  get #measured(): Pod[] {
    return this.#engineAnswers ? this.#pods.filter((pod) => !this.#silent.has(metaOf(pod).name ?? '')) : [];
  }

  get #usage(): number {
    return Math.round(this.load / this.#pods.length);
  }

  async start(): Promise<void> {
    const template = { metadata: { labels }, spec };
    await this.device.start(async ({ registry }) => {
      await registry.create(deployments, {
        metadata: key,
        spec: { replicas: 3, selector: { matchLabels: labels }, template },
      });
      const { min: minReplicas, max: maxReplicas } = this.#bounds;
      await registry.create(horizontalPodAutoscalers, {
        metadata: key,
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas,
          maxReplicas,
          behavior: { scaleDown: { stabilizationWindowSeconds: this.#windowSeconds } },
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'memory', target: { type: 'AverageValue', averageValue: `${target}` } },
            },
          ],
        },
      });
    });
  }

  #run(cluster: Process): void {
    // What was wanted before is forgotten with the process; what was there then counts as wanted.
    this.#wanted = [];
    cluster.registry.subscribe(deployments, ({ object, previous }) => {
      const [before, after] = [previous?.spec?.replicas, object.spec?.replicas];
      if (before !== undefined && after !== undefined && before !== after) this.#changed(before, after);
    });
    const readUsage: ReadPodUsage = async () => {
      if (!this.#engineAnswers) throw new Error('the engine does not answer');
      const containers = { c: { ...atRest, memoryBytes: this.#usage } };
      const time = cluster.clock.now();
      return new Map(this.#measured.map((pod) => [metaOf(pod).uid ?? '', { time, windowMs: 1000, containers }]));
    };
    void startHorizontalPodAutoscalerController({ ...cluster, catalog, readUsage });
  }

  #changed(before: number, after: number): void {
    this.changes += 1;
    const { min, max } = this.#bounds;
    const say = (what: string) => this.violations.push(`${before} to ${after}: ${what}`);
    if (after < min || after > max) say(`not within ${min} and ${max}`);
    if (before < min || before > max) return;
    const known = this.#measured.length;
    const used = known * this.#usage;
    if (known === 0) return void say('nothing was measured');
    // Whoever is silent may be idle, or have all that he should.
    const most = used + (this.#pods.length - known) * target;
    const full = this.#pods.length * target;
    if (after > before && used <= full) say(`${used} of ${full} are used`);
    if (after < before && most >= full) say(`${most} of ${full} may be used`);
    const since = this.device.cluster.clock.now().getTime() - this.#windowSeconds * 1000;
    const highest = Math.max(0, ...this.#wanted.filter(({ time }) => time > since).map(({ replicas }) => replicas));
    if (after < Math.min(before, highest, max)) say(`${highest} were wanted lately`);
  }

  /** There are as many pods as asked for, and all of them run. */
  async #follow(): Promise<void> {
    const names = Array.from({ length: this.replicas }, (_, i) => `p${i}`);
    const startTime = '2026-03-01T09:00:00Z';
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: startTime }];
    const status = { phase: 'Running', startTime, conditions };
    for (const name of names) {
      if (this.#registry.find(pods, { ...key, name })) continue;
      await this.#registry.create(pods, { metadata: { ...key, name, labels }, spec });
      const runs = (pod: Pod): Pod => ({ ...pod, status });
      await this.#registry.update(pods, { ...key, name }, runs, { subresource: 'status' });
    }
    for (const pod of this.#pods)
      if (!names.includes(metaOf(pod).name ?? ''))
        await this.#registry.delete(pods, keyOf(pod), { gracePeriodSeconds: 0 });
  }

  /** A quarter of a minute later; timers go by another clock, so that the autoscaler is told in another way to look. */
  async tick(): Promise<void> {
    const { cluster } = this.device;
    await this.#follow();
    cluster.pass(periodMs);
    const ratio = (this.#usage * this.#pods.length) / (target * this.#pods.length);
    const isNear = ratio >= 1 - tolerance && ratio <= 1 + tolerance;
    if (this.#measured.length === this.#pods.length)
      this.#wanted.push({
        time: cluster.clock.now().getTime(),
        replicas: isNear ? this.#pods.length : Math.ceil(ratio * this.#pods.length),
      });
    const apiVersion = this.#wanted.length % 2 === 0 ? 'apps/v1' : 'apps/v1beta1';
    const looking = (now: HorizontalPodAutoscaler): HorizontalPodAutoscaler => ({
      ...now,
      spec: { ...now.spec!, scaleTargetRef: { ...now.spec!.scaleTargetRef, apiVersion } },
    });
    await this.device.update(horizontalPodAutoscalers, this.#registry.get(horizontalPodAutoscalers, key), looking);
    await this.device.quiet();
  }

  async happen(): Promise<void> {
    const { random } = this.device;
    if (random.maybe(0.3)) this.load = 20 * random.below(50);
    this.#silent = new Set(
      random.maybe(0.4) ? this.#pods.filter(() => random.maybe(0.3)).map((pod) => metaOf(pod).name!) : [],
    );
    this.#engineAnswers = random.maybe(0.9);
    if (random.maybe(0.04)) await this.device.crash();
    await this.tick();
  }

  /** No trouble any more and a load that stays: after a while nothing changes, and there are as many pods as it needs. */
  async finish(): Promise<void> {
    this.device.odds = 0;
    this.#silent = new Set();
    this.#engineAnswers = true;
    for (let passed = 0; passed < 360_000; passed += periodMs) await this.tick();
    const { changes, replicas } = this;
    for (let passed = 0; passed < 360_000; passed += periodMs) await this.tick();
    expect(this.changes).toBe(changes);
    const { min, max } = this.#bounds;
    const ratio = this.load / (replicas * target);
    const isNear = ratio >= 1 - tolerance && ratio <= 1 + tolerance;
    const needed = Math.min(max, Math.max(min, Math.ceil(this.load / target)));
    expect(isNear ? needed : replicas).toBe(needed);
  }
}

test.each(seeds(12))(
  'whatever happens, it scales within its bounds, for a reason that was measured, and comes to rest (seed %i)',
  async (seed) => {
    const world = new World(seededRandom(seed));
    await world.start();
    for (let step = 0; step < 60; step++) await world.happen();
    await world.finish();
    expect(world.violations).toEqual([]);
  },
);
