import type Dockerode from 'dockerode';
import { CONFIG_LABEL, INSTANCE_LABEL } from './k2d-container.ts';

/** k2d's own end is quick: it holds no state that is not on disk. */
const STOP_SECONDS = 10;

export type Replacement =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'started' }
  | { readonly kind: 'replaced'; readonly oldImage: string }
  /** The new container did not become ready; the old one runs again where there was one. */
  | { readonly kind: 'failed'; readonly lastLog: string; readonly restored: boolean };

/**
 * Brings the running container to `spec`. The old one is set aside, not removed, until the new one is ready.
 * @param ready settles when the container serves (true) or will not (false); `crashes` says whether it still makes sense to wait.
 */
export async function replaceContainer(
  client: Dockerode,
  spec: Dockerode.ContainerCreateOptions,
  ready: (crashes: () => Promise<boolean>) => Promise<boolean>,
): Promise<Replacement> {
  const name = spec.name ?? '';
  const aside = `${name}-previous`;
  const old = await settleInterrupted(client, name, aside);
  if (old && old.Config.Labels[INSTANCE_LABEL] !== name)
    throw new Error(`a container named ${name} exists and is not k2d's; set K2D_INSTANCE to another name`);
  if (
    old?.State.Running &&
    old.Config.Labels[CONFIG_LABEL] === spec.Labels?.[CONFIG_LABEL] &&
    (await ready(() => keepsCrashing(client.getContainer(old.Id))))
  )
    return { kind: 'unchanged' };
  if (old) {
    const container = client.getContainer(old.Id);
    await container.rename({ name: aside });
    await stop(container);
  }
  const fresh = await client.createContainer(spec);
  const served = await fresh.start().then(
    () => ready(() => keepsCrashing(fresh)),
    (error: unknown) => String(error),
  );
  if (served === true) {
    if (old) await remove(client.getContainer(old.Id));
    return old ? { kind: 'replaced', oldImage: old.Image } : { kind: 'started' };
  }
  const lastLog = served === false ? await tail(fresh) : served;
  await remove(fresh);
  if (old) await restore(client, old.Id, name);
  return { kind: 'failed', lastLog, restored: old !== undefined };
}

/** One crash may be bad luck (a port still held by the old one); the engine has tried again and again by now. */
async function keepsCrashing(container: Dockerode.Container): Promise<boolean> {
  return (await container.inspect()).RestartCount >= 3;
}

/** A replacement that was cut short (power, Ctrl-C) leaves both containers, or only the one set aside. */
async function settleInterrupted(
  client: Dockerode,
  name: string,
  aside: string,
): Promise<Dockerode.ContainerInspectInfo | undefined> {
  const [current, previous] = await Promise.all([inspect(client, name), inspect(client, aside)]);
  if (!previous) return current;
  if (current) await remove(client.getContainer(current.Id));
  await restore(client, previous.Id, name);
  return inspect(client, name);
}

async function restore(client: Dockerode, id: string, name: string): Promise<void> {
  await client.getContainer(id).rename({ name });
  await client.getContainer(id).start();
}

export function inspect(client: Dockerode, name: string): Promise<Dockerode.ContainerInspectInfo | undefined> {
  return client.getContainer(name).inspect().catch(ignoring(404));
}

/** Stops with time to end in order, then removes. Already gone is success. */
export async function remove(container: Dockerode.Container): Promise<void> {
  await stop(container);
  await container.remove({ force: true }).catch(ignoring(404));
}

async function stop(container: Dockerode.Container): Promise<void> {
  await container.stop({ t: STOP_SECONDS }).catch(ignoring(304, 404));
}

async function tail(container: Dockerode.Container): Promise<string> {
  const frames = await container.logs({ stdout: true, stderr: true, tail: 30 });
  return withoutFrameHeaders(frames);
}

/** Engines put 8 bytes before each piece of output: stream, three zeros, length. */
function withoutFrameHeaders(frames: Buffer): string {
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= frames.length;) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    pieces.push(frames.toString('utf8', at + 8, end));
    at = end;
  }
  return pieces.join('');
}

/** What dockerode throws for an answer that is an error. */
type EngineError = Error & { readonly statusCode?: number };

function ignoring(...statusCodes: readonly number[]): (error: EngineError) => undefined {
  return (error) => {
    if (error.statusCode === undefined || !statusCodes.includes(error.statusCode)) throw error;
    return undefined;
  };
}
