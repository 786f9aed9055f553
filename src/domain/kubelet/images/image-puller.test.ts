import { describe, expect, it } from 'vitest';
import type { Images, ImageStatus, RegistryAuth } from '../../container-runtime/image.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import { ImagePuller, type EndedPull } from './image-puller.ts';
import type { PullObserver, PullRequest } from './pull-request.ts';

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

/** Notes what it is told. */
const noting = (told: string[]): PullObserver => ({
  present: () => told.push('present'),
  neverPulled: () => told.push('neverPulled'),
  invalidName: () => told.push('invalidName'),
  pulling: () => told.push('pulling'),
  pulled: (_took, size) => told.push(`pulled ${size}`),
  progress: (message) => told.push(message),
  failed: (_message, usesLocal) => told.push(usesLocal ? 'uses local' : 'failed'),
  backOff: () => told.push('backOff'),
});
const credentials = (...passwords: string[]): RegistryAuth[] =>
  passwords.map((password) => ({ username: 'u', password, server: 's' }));

function bed() {
  const registry = new Registry();
  const ended: EndedPull[] = [];
  let now = 0;
  const clock = { now: () => new Date(now) };
  const puller = new ImagePuller(registry as unknown as Images, clock, new AbortController().signal, (pull) =>
    ended.push(pull),
  );
  const told: string[] = [];
  /** Asks, waits to be woken when it must, and asks again. */
  const ask = async (request: Partial<PullRequest>) => {
    const whole = { reference: 's/a:1', policy: 'IfNotPresent', asker: 'pod/c/0', credentials: [], ...request };
    const woken = Promise.withResolvers<void>();
    const state = await puller.ensure(whole, noting(told), woken.resolve);
    if (state.kind !== 'waiting' || state.waiting.reason !== 'ContainerCreating') return state;
    await woken.promise;
    return puller.ensure(whole, noting(told), () => {});
  };
  return { registry, ended, told, ask, advance: (ms: number) => (now += ms) };
}

const reasonOf = (state: Awaited<ReturnType<ReturnType<typeof bed>['ask']>>) =>
  state.kind === 'waiting' ? state.waiting.reason : state.kind;

describe('ImagePuller', () => {
  it('pulls what is missing and leaves alone what is there', async () => {
    const { registry, ask } = bed();
    expect(reasonOf(await ask({ credentials: credentials('right') }))).toBe('present');
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

  it('does not wait for a time that only a wrong clock showed', async () => {
    const { registry, ask, advance } = bed();
    await ask({});
    advance(-3_600_000);
    await ask({});
    expect(registry.pulls).toBe(2);
  });

  it('does not let one pod’s wrong credentials stand in the way of another’s right ones', async () => {
    const { ask } = bed();
    expect(reasonOf(await ask({ credentials: credentials('wrong') }))).toBe('ErrImagePull');
    expect(reasonOf(await ask({ credentials: credentials('right'), asker: 'other/c/0' }))).toBe('present');
  });

  it('pulls for each making of a container with policy Always, and goes on with what is there when it cannot', async () => {
    const { registry, ask } = bed();
    const always = { policy: 'Always', credentials: credentials('right') };
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

  it('tries each of several credentials', async () => {
    const { ask, registry, ended } = bed();
    expect(reasonOf(await ask({ credentials: credentials('old', 'right', 'unused') }))).toBe('present');
    expect(registry.pulls).toBe(2);
    expect(ended).toEqual([{ reference: 's/a:1', image, before: undefined }]);
  });

  it('tells what happens, and of a pull not also that the image was there', async () => {
    const { ask, told, advance, registry } = bed();
    await ask({ credentials: credentials('wrong') });
    advance(10_000);
    await ask({ credentials: credentials('wrong') });
    await ask({ credentials: credentials('right') });
    await ask({});
    expect(told).toEqual(['pulling', 'failed', 'pulling', 'failed', 'backOff', 'pulling', 'pulled 1', 'present']);
    registry.reachable = false;
    await ask({ policy: 'Always', asker: 'pod/c/1' });
    expect(told.slice(-2)).toEqual(['pulling', 'uses local']);
  });

  it('asks no registry for what is no name', async () => {
    const { ask, registry, told } = bed();
    expect(reasonOf(await ask({ reference: 'Not A Name' }))).toBe('InvalidImageName');
    expect([registry.pulls, told]).toEqual([0, ['invalidName']]);
  });
});
