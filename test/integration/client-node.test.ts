import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiException, CoreV1Api, KubeConfig, Log, makeInformer, type V1ConfigMap } from '@kubernetes/client-node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { ChangeRecord } from './change-record.ts';
import { engines } from './engines.ts';
import { busybox, pod, podRow } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const NAMES = Array.from({ length: 50 }, (_, index) => `object-${index}`);
/** Of each object: it is made, changed, deleted and made again. */
const CHANGES = 20;
const isDeletion = (change: number): boolean => change === CHANGES - 2;
const isCreation = (change: number): boolean => change === 0 || change === CHANGES - 1;
const story = Array.from({ length: CHANGES }, (_, change) =>
  isDeletion(change) ? 'deleted' : `${isCreation(change) ? 'added' : 'changed to'} ${change}`,
);

/** After so many changes k2d ends; the engine starts it again. */
const ENDS = [
  { after: 200, by: 'SIGTERM' },
  { after: 400, by: 'SIGKILL' },
  { after: 600, by: 'SIGKILL' },
  { after: 800, by: 'SIGTERM' },
] as const;

const RETRY_MS = 100;

/** Nobody knows whether it was written, or it was not for now. */
const isInterruption = (error: unknown): boolean => !(error instanceof ApiException) || error.code === 503;

describe.each(engines)('@kubernetes/client-node on $kind', (engine) => {
  const k2d = useK2d(engine, 'clients');
  const namespace = 'informed';
  let kubectl: Kubectl;
  let config: KubeConfig;
  let api: CoreV1Api;
  beforeAll(async () => {
    kubectl = await k2d.namespace(namespace);
    config = new KubeConfig();
    config.loadFromFile(k2d.config.kubeconfigPath);
    api = config.makeApiClient(CoreV1Api);
  });

  /** Until there is an answer. One that says that it is done already is the answer to what was interrupted. */
  async function insist(write: () => Promise<unknown>, doneAlready: number, signal: AbortSignal): Promise<void> {
    for (let interrupted = false; ; interrupted = true) {
      try {
        await write();
        return;
      } catch (error) {
        if (interrupted && error instanceof ApiException && error.code === doneAlready) return;
        if (!isInterruption(error)) throw error;
        await delay(RETRY_MS, undefined, { signal });
      }
    }
  }

  function change(name: string, number: number, signal: AbortSignal): Promise<void> {
    const body: V1ConfigMap = { metadata: { name, namespace }, data: { change: String(number) } };
    if (isDeletion(number)) return insist(() => api.deleteNamespacedConfigMap({ name, namespace }), 404, signal);
    if (isCreation(number)) return insist(() => api.createNamespacedConfigMap({ namespace, body }), 409, signal);
    return insist(() => api.replaceNamespacedConfigMap({ name, namespace, body }), 0, signal);
  }

  async function endIt(by: NodeJS.Signals): Promise<void> {
    const pid = await k2d.pid();
    process.kill(pid, by);
    await eventually('the engine starts k2d again', async () =>
      [0, pid].includes(await k2d.pid()) ? undefined : true,
    );
  }

  it('its informer is told 1000 changes once each and in order, though k2d ends four times', async ({ signal }) => {
    let lists = 0;
    const informer = makeInformer<V1ConfigMap>(config, `/api/v1/namespaces/${namespace}/configmaps`, async () => {
      lists += 1;
      return api.listNamespacedConfigMap({ namespace });
    });
    const record = new ChangeRecord(informer, ({ data }) => data?.['change'] ?? '?');
    // The project's way: an error ends an informer, whoever uses it starts it again.
    informer.on(
      'error',
      () =>
        void delay(RETRY_MS, undefined, { signal }).then(
          () => informer.start(),
          () => undefined,
        ),
    );
    await informer.start();
    const { count: before } = record; // kube-root-ca.crt
    try {
      const writers = NAMES.map(async (name) => {
        for (let number = 0; number < CHANGES; number += 1) {
          await change(name, number, signal);
          await record.reaches(number + 1, signal, name);
        }
      });
      const ends = (async () => {
        for (const { after, by } of ENDS) {
          await record.reaches(before + after, signal);
          await endIt(by);
        }
      })();
      await Promise.all([...writers, ends]);
    } finally {
      await informer.stop();
    }
    expect(Object.fromEntries(NAMES.map((name) => [name, record.storyOf(name)]))).toEqual(
      Object.fromEntries(NAMES.map((name) => [name, story])),
    );
    expect(record.count - before).toBe(NAMES.length * CHANGES);
    for (const name of NAMES) {
      const versions = record.versionsOf(name);
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    }
    expect(lists).toBeGreaterThan(ENDS.length);
    const { items } = await api.listNamespacedConfigMap({ namespace });
    expect(stateOf(informer.list(namespace))).toEqual(stateOf(items));
    expect(items).toHaveLength(before + NAMES.length);
  });

  it('reads and follows logs', async () => {
    const containers = [busybox('echo one; sleep 1; echo two')];
    await kubectl.apply(pod('speaker', { restartPolicy: 'Never', containers }));
    await podRow(kubectl, 'speaker', ({ status }) => status !== 'Pending' && status !== 'ContainerCreating');
    const heard = new PassThrough();
    await new Log(config).log(namespace, 'speaker', 'main', heard, { follow: true });
    expect(await text(heard)).toBe('one\ntwo\n');
    const last = await api.readNamespacedPodLog({ namespace, name: 'speaker', tailLines: 1 });
    expect(last).toBe('two\n');
  });
});

const stateOf = (objects: readonly V1ConfigMap[]) =>
  objects
    .map(({ metadata, data }) => [metadata?.name, metadata?.uid, metadata?.resourceVersion, data?.['change']] as const)
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
