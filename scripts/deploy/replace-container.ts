import type Dockerode from 'dockerode';
import { CONFIG_LABEL, INSTANCE_LABEL } from './k2d-container.ts';

/** k2d's own end is quick: it holds no state that is not on disk. */
const STOP_SECONDS = 10;

export type Replacement =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'ready' }
  /** The new container did not become ready; the old one runs again where there was one. */
  | { readonly kind: 'failed'; readonly lastLog: string; readonly restored: boolean };

/** Settles when the container serves (true) or will not (false); `crashes` says whether it still makes sense to wait. */
type Ready = (crashes: () => Promise<boolean>) => Promise<boolean>;

/**
 * Brings the running container to `spec`. The old one is set aside, not removed, until the new one is ready.
 */
export async function replaceContainer(
  client: Dockerode,
  spec: Dockerode.ContainerCreateOptions,
  ready: Ready,
): Promise<Replacement> {
  const name = spec.name ?? '';
  const aside = `${name}-previous`;
  const old = await settleInterrupted(client, name, aside);
  if (old && old.Config.Labels[INSTANCE_LABEL] !== name) {
    throw new Error(`a container named ${name} exists and is not k2d's; set K2D_INSTANCE to another name`);
  }
  if (old && isAsWanted(old, spec) && (await ready(() => keepsCrashing(client.getContainer(old.Id))))) {
    return { kind: 'unchanged' };
  }
  if (old) await setAside(client.getContainer(old.Id), aside);
  const failure = await serve(client, spec, ready);
  if (failure === undefined) {
    if (old) await remove(client.getContainer(old.Id));
    return { kind: 'ready' };
  }
  if (old) await restore(client, old.Id, name);
  return { kind: 'failed', lastLog: failure, restored: old !== undefined };
}

function isAsWanted(container: Dockerode.ContainerInspectInfo, spec: Dockerode.ContainerCreateOptions): boolean {
  return container.State.Running && container.Config.Labels[CONFIG_LABEL] === spec.Labels?.[CONFIG_LABEL];
}

/** Returns undefined when the new container serves; else what it or the engine said last, and the container is gone. */
async function serve(
  client: Dockerode,
  spec: Dockerode.ContainerCreateOptions,
  ready: Ready,
): Promise<string | undefined> {
  let lastLog: string;
  try {
    const fresh = await client.createContainer(spec);
    await fresh.start();
    if (await ready(() => keepsCrashing(fresh))) return undefined;
    lastLog = await tail(fresh);
  } catch (error) {
    lastLog = String(error);
  }
  await remove(client.getContainer(spec.name ?? ''));
  return lastLog;
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

async function setAside(container: Dockerode.Container, name: string): Promise<void> {
  await container.rename({ name });
  await stop(container);
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
