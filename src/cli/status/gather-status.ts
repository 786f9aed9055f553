import { freemem, totalmem } from 'node:os';
import type { Config } from '../../config.ts';
import type { Event, Node, Pod } from '../../domain/meta/types.ts';
import { apiOf, type AskApi } from '../ask-api.ts';
import { engineOf } from '../engine-of.ts';
import { dataPlaneOf } from './data-plane-of.ts';
import { problems } from './problems.ts';
import { samplesOf } from './samples-of.ts';
import type { StatusReport } from './status-report.ts';
import { errorMessage } from '../../domain/meta/error-message.ts';

const memoryOfHost = () => ({ hostAvailable: freemem(), hostTotal: totalmem() });

/** Asks k2d and the engine apart, so that the one is told of when the other does not answer. */
export async function gatherStatus(config: Config): Promise<StatusReport> {
  const [engine, served] = await Promise.all([
    engineOf(config)
      .then((runtime) => runtime.info())
      .catch(errorMessage),
    apiOf(config).then(askAll).catch(errorMessage),
  ]);
  const engineAnswers = typeof engine !== 'string';
  const dataPlane = await dataPlaneOf(config, engineAnswers && engine.capabilities.rootless);
  const engineReport = engineAnswers
    ? { name: engine.name, version: engine.version, answers: true }
    : { name: config.runtime ?? '', version: '', answers: false };
  const engineProblems = engineAnswers ? [] : [`the engine does not answer: ${engine}`];
  const { instance, port } = config;
  if (typeof served === 'string') {
    return {
      instance,
      api: { serves: false, ready: false, version: '', port },
      engine: engineReport,
      dataPlane: { ...dataPlane, services: 0 },
      objects: {},
      pods: {},
      memory: memoryOfHost(),
      problems: [`k2d does not answer on port ${port}: ${served}`, ...engineProblems],
    };
  }
  const { samples, version, pods } = served;
  const objects = objectsOf(samples);
  const lost =
    dataPlane.kind === 'nftables' && !dataPlane.loaded ? ['the rules of the Services are not in the kernel'] : [];
  return {
    instance,
    api: {
      serves: true,
      ready: served.ready,
      version,
      port,
      startedAt: timeOf(samples.get('process_start_time_seconds')),
    },
    engine: engineReport,
    dataPlane: { ...dataPlane, services: objects['services'] ?? 0 },
    objects,
    pods: countsOf(pods.map(({ status }) => status?.phase ?? 'Unknown')),
    memory: {
      private: samples.get('process_private_memory_bytes') ?? 0,
      resident: samples.get('process_resident_memory_bytes') ?? 0,
      ...memoryOfHost(),
    },
    problems: [...engineProblems, ...lost, ...problems({ ...served, now: new Date() })],
  };
}

async function askAll(ask: AskApi) {
  const readyz = await ask('/readyz?verbose');
  const list = async <T>(path: string): Promise<T[]> => {
    const { status, text } = await ask(path);
    if (status !== 200) throw new Error(`GET ${path} was answered with ${status}`);
    return (JSON.parse(text) as { items: T[] }).items;
  };
  return {
    ready: readyz.status === 200,
    readyz: readyz.text,
    version: (JSON.parse((await ask('/version')).text) as { gitVersion: string }).gitVersion,
    samples: samplesOf((await ask('/metrics')).text),
    nodes: await list<Node>('/api/v1/nodes'),
    pods: await list<Pod>('/api/v1/pods'),
    events: await list<Event>('/api/v1/events?fieldSelector=type%3DWarning'),
  };
}

function objectsOf(samples: ReadonlyMap<string, number>): Record<string, number> {
  const counted = [...samples].flatMap(([name, count]) => {
    const resource = /^apiserver_storage_objects\{resource="([^"]*)"\}$/.exec(name)?.[1];
    return resource === undefined || count === 0 ? [] : [[resource, count] as const];
  });
  return Object.fromEntries(counted.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function countsOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

const timeOf = (seconds = 0): string => new Date(seconds * 1000).toISOString();
