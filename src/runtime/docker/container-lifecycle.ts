import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { type DockerEngine, REQUEST_TIMEOUT_MS } from './docker-engine.ts';
import { orGone, orUnchanged, toRuntimeError } from './docker-error.ts';
import { wholeId } from './engine-name.ts';

/** Running already is success. */
export async function startContainer(engine: DockerEngine, id: string): Promise<void> {
  wholeId(id);
  try {
    await engine.call((docker, abortSignal) => orUnchanged(docker.getContainer(id).start({ abortSignal })));
  } catch (cause) {
    throw await startFailure(engine, id, toRuntimeError(cause));
  }
}

/** Docker also answers 404 for what the container needs, such as its network; NotFound is for the container itself. */
async function startFailure(engine: DockerEngine, id: string, error: RuntimeError): Promise<RuntimeError> {
  if (error.code !== 'NotFound') return error;
  const found = await orGone(engine.call((docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal })));
  return found ? new RuntimeError('InvalidArgument', error.message, { cause: error }) : error;
}

/** Stopped or gone is success; resolves when it has ended. */
export async function stopContainer(engine: DockerEngine, id: string, graceSeconds: number): Promise<void> {
  const timeoutMs = graceSeconds * 1000 + REQUEST_TIMEOUT_MS;
  const stop = async () =>
    engine.call(
      (docker, abortSignal) => orUnchanged(docker.getContainer(wholeId(id)).stop({ t: graceSeconds, abortSignal })),
      timeoutMs,
    );
  await orGone(stop());
}

/** Running again when it resolves; NotFound when it is gone. */
export async function restartContainer(engine: DockerEngine, id: string, graceSeconds: number): Promise<void> {
  await engine.call(
    (docker, abortSignal) => docker.getContainer(wholeId(id)).restart({ t: graceSeconds, abortSignal }),
    graceSeconds * 1000 + REQUEST_TIMEOUT_MS,
  );
}

/** Ends it at once; gone is success. Resolves when it is gone. */
export async function removeContainer(engine: DockerEngine, id: string): Promise<void> {
  const remove = async () =>
    engine.call((docker, abortSignal) =>
      docker.getContainer(wholeId(id)).remove({ force: true, v: true, abortSignal }),
    );
  try {
    await orGone(remove());
  } catch (cause) {
    const error = toRuntimeError(cause);
    // Docker's only conflict here: it is being removed already, perhaps by `docker run --rm`.
    if (error.code !== 'Conflict') throw error;
    await orGone(
      engine.call((docker, abortSignal) => docker.getContainer(id).wait({ condition: 'removed', abortSignal })),
    );
  }
}
