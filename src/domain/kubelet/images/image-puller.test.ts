import { describe, expect, it } from 'vitest';
import type { Images, ImageStatus, RegistryAuth } from '../../container-runtime/image.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import { ImagePuller, type PullObserver, type PullRequest } from './image-puller.ts';

const image: ImageStatus = { id: 'sha256:1', tags: [], digests: [], sizeBytes: 1, user: '', command: [], args: [] };

/** A registry that wants the right password, before an engine that holds nothing; faults are what these tests are about. */
class Registry implements Pick<Images, 'status' | 'pull'> {
  present = false;
  reachable = true;
  pulls = 0;

  status(): Promise<ImageStatus | undefined> {
    return Promise.resolve(this.present ? image : undefined);
  }

  async *pull(_reference: string, auth: RegistryAuth | undefined) {
    this.pulls++;
    await Promise.resolve();
    if (!this.reachable) throw new RuntimeError('Unavailable', 'connection refused');
    if (auth?.password !== 'right') throw new RuntimeError('Unauthorized', 'no basic auth credentials');
    yield { message: 'done' };
    this.present = true;
  }
}

const quiet: PullObserver = { pulling: () => {}, pulled: () => {}, progress: () => {}, failed: () => {} };
const credentials = (password: string): RegistryAuth => ({ username: 'u', password, server: 's' });

function bed() {
  const registry = new Registry();
  let now = 0;
  const clock = { now: () => new Date(now) };
  const puller = new ImagePuller(registry as unknown as Images, clock, new AbortController().signal);
  /** Asks, waits to be woken when it must, and asks again. */
  const ask = async (request: Partial<PullRequest>) => {
    const whole = { reference: 's/a:1', policy: 'IfNotPresent', asker: 'pod/c/0', auth: undefined, ...request };
    const woken = Promise.withResolvers<void>();
    const state = await puller.ensure(whole, quiet, woken.resolve);
    if (state.kind !== 'waiting' || state.waiting.reason !== 'ContainerCreating') return state;
    await woken.promise;
    return puller.ensure(whole, quiet, () => {});
  };
  return { registry, ask, advance: (ms: number) => (now += ms) };
}

const reasonOf = (state: Awaited<ReturnType<ReturnType<typeof bed>['ask']>>) =>
  state.kind === 'waiting' ? state.waiting.reason : state.kind;

describe('ImagePuller', () => {
  it('pulls what is missing and leaves alone what is there', async () => {
    const { registry, ask } = bed();
    expect(reasonOf(await ask({ auth: credentials('right') }))).toBe('present');
    expect(reasonOf(await ask({}))).toBe('present');
    expect(registry.pulls).toBe(1);
  });

  it('waits longer after each failure', async () => {
    const { registry, ask, advance } = bed();
    expect(reasonOf(await ask({}))).toBe('ErrImagePull');
    expect(reasonOf(await ask({}))).toBe('ErrImagePull');
    expect(registry.pulls).toBe(1);
    advance(10_000);
    expect(reasonOf(await ask({}))).toBe('ImagePullBackOff');
    advance(19_999);
    await ask({});
    expect(registry.pulls).toBe(2);
    advance(1);
    await ask({});
    expect(registry.pulls).toBe(3);
  });

  it('does not let one pod’s wrong credentials stand in the way of another’s right ones', async () => {
    const { ask } = bed();
    expect(reasonOf(await ask({ auth: credentials('wrong') }))).toBe('ErrImagePull');
    expect(reasonOf(await ask({ auth: credentials('right'), asker: 'other/c/0' }))).toBe('present');
  });

  it('pulls for each making of a container with policy Always, and goes on with what is there when it cannot', async () => {
    const { registry, ask } = bed();
    const always = { policy: 'Always', auth: credentials('right') };
    await ask(always);
    await ask({ ...always, asker: 'pod/c/1' });
    expect(registry.pulls).toBe(2);
    registry.reachable = false;
    expect(reasonOf(await ask({ ...always, asker: 'pod/c/2' }))).toBe('present');
    expect(registry.pulls).toBe(3);
  });

  it('never pulls with policy Never', async () => {
    const { registry, ask } = bed();
    expect(reasonOf(await ask({ policy: 'Never' }))).toBe('ErrImageNeverPull');
    expect(registry.pulls).toBe(0);
  });
});
