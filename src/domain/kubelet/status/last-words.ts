import { chmod, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerExit, Containers, ContainerStatus, Mount } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { podContainers } from '../pod/container-kinds.ts';
import { latest, type ObservedPod } from '../pod/observed-pod.ts';

/** kubernetes pkg/kubelet/container/container_logs.go, helpers.go: what a status takes of a file, and of logs. */
const maxFileBytes = 4096;
const maxLogBytes = 2048;
const maxLogLines = 80;
const logTimeoutMs = 10_000;

/** Engines say when a container was started a little after it began, and file times are coarse. */
const clockSlackMs = 1000;

/** Engines leave at least 100 ms between two runs (moby restartmanager defaultTimeout; Podman cleans up in between). */
const logSlackMs = 50;

type Words = { finishedAt: number; text: string; fileTime: number };

/**
 * Termination messages: a file below the pod's folder stands in each container at its terminationMessagePath. The file outlives the
 * engine's restarts, so what was written before a run began is no message of that run.
 */
export class LastWords {
  readonly #containers: Containers;
  readonly #podFolder: string;
  /** Of the present run's end and of the one before. */
  readonly #known = new Map<string, Words[]>();

  constructor(containers: Containers, podFolder: string) {
    this.#containers = containers;
    this.#podFolder = podFolder;
  }

  /** Makes the container's file empty. */
  async mount({ name, terminationMessagePath }: Container): Promise<Mount[]> {
    if (!terminationMessagePath) return [];
    const source = this.#path(name);
    await mkdir(join(source, '..'), { recursive: true, mode: 0o755 });
    await writeFile(source, '');
    // Anybody in the container may leave a message (kuberuntime_container.go makeMounts).
    await chmod(source, 0o666);
    return [{ kind: 'bind', source, target: terminationMessagePath, readOnly: false, propagation: 'private' }];
  }

  /** Reads what ended since the last look. */
  async read(pod: Pod, observed: ObservedPod): Promise<void> {
    for (const { container } of podContainers(pod)) {
      const found = latest(observed, container.name);
      if (found?.state.kind !== 'exited' && found?.state.kind !== 'restarting') continue;
      const { exit } = found.state;
      if (exit.finishedAt && this.of(container.name, exit) === undefined) await this.#readOne(container, found, exit);
    }
  }

  /** Undefined when that end was not seen. */
  of(container: string, { finishedAt }: ContainerExit): string | undefined {
    return this.#known.get(container)?.find((words) => words.finishedAt === finishedAt?.getTime())?.text;
  }

  async #readOne(container: Container, found: ContainerStatus, exit: ContainerExit): Promise<void> {
    const before = this.#known.get(container.name) ?? [];
    const file = await this.#readFile(container, exit, before[0]?.fileTime);
    const fallsBack = container.terminationMessagePolicy === 'FallbackToLogsOnError' && exit.code !== 0;
    const text = file.text === '' && fallsBack ? await this.#readLog(found, exit, before[0]) : file.text;
    const words = { finishedAt: exit.finishedAt!.getTime(), text, fileTime: file.time };
    this.#known.set(container.name, [words, ...before].slice(0, 2));
  }

  async #readFile(
    { name }: Container,
    { startedAt }: ContainerExit,
    seen = 0,
  ): Promise<{ text: string; time: number }> {
    const path = this.#path(name);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return { text: '', time: seen };
    const isOld = found.mtimeMs === seen || found.mtimeMs < (startedAt?.getTime() ?? 0) - clockSlackMs;
    return { text: isOld ? '' : await tail(path, found.size), time: found.mtimeMs };
  }

  async #readLog(found: ContainerStatus, exit: ContainerExit, before: Words | undefined): Promise<string> {
    const since = logBegins(found, exit, before);
    const lines: string[] = [];
    try {
      const signal = AbortSignal.timeout(logTimeoutMs);
      const options = { follow: false, tail: maxLogLines, ...(since && { since }) };
      for await (const { line } of this.#containers.logs(found.id, options, signal)) lines.push(`${line.toString()}\n`);
    } catch {
      // The logs are a substitute; without them there is no message.
    }
    return Buffer.from(lines.join('')).subarray(-maxLogBytes).toString();
  }

  #path(name: string): string {
    return join(this.#podFolder, 'containers', name, 'termination-log');
  }
}

/** Never for a first run: Docker 20.10 dates a start up to 70 ms after the first line, on a busy machine later still. */
function logBegins(
  { createdAt, restartCount }: ContainerStatus,
  { startedAt }: ContainerExit,
  before: Words | undefined,
): Date | undefined {
  if (startedAt === undefined) return undefined;
  if (before && before.finishedAt > createdAt.getTime()) return new Date((before.finishedAt + startedAt.getTime()) / 2);
  return restartCount === 0 ? undefined : new Date(startedAt.getTime() - logSlackMs);
}

async function tail(path: string, size: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, maxFileBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, Math.max(0, size - maxFileBytes));
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await file.close();
  }
}
