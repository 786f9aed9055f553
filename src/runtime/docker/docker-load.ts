import type { Readable } from 'node:stream';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { jsonLines } from '../wire/json-lines.ts';
import type { DockerEngine } from './docker-engine.ts';

/** Gigabytes onto an SD card. */
const LOAD_TIMEOUT_MS = 3_600_000;

type LoadMessage = { stream?: string; error?: string };

export function dockerLoad(engine: DockerEngine, tar: Readable, signal: AbortSignal): Promise<string[]> {
  return engine.call(async (docker, late) => {
    const broken = new AbortController();
    tar.once('error', () => broken.abort());
    const abortSignal = AbortSignal.any([signal, late, broken.signal]);
    const answer = await docker.loadImage(tar, { quiet: '1', abortSignal });
    const loaded: string[] = [];
    for await (const message of jsonLines<LoadMessage>(answer as AsyncIterable<Buffer> & NodeJS.ReadableStream))
      loaded.push(...names(message));
    return loaded;
  }, LOAD_TIMEOUT_MS);
}

/** The words of docker's image/tarexport/load.go. */
function names({ stream = '', error }: LoadMessage): string[] {
  if (error !== undefined) throw new RuntimeError('InvalidArgument', error);
  const name = /^Loaded image(?: ID)?: (\S+)/.exec(stream)?.[1];
  return name === undefined ? [] : [name];
}
