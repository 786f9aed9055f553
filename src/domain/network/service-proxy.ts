import { isIPv4 } from 'node:net';

import { setTimeout as delay } from 'node:timers/promises';
import { sameJson } from '../meta/deep-equal.ts';
import type { Logger } from '../meta/logger.ts';
import type { Registry } from '../registry/registry.ts';
import { endpointSlices } from '../resources/endpoint-slice.ts';
import { services } from '../resources/service.ts';
import { ChangeSignal } from './change-signal.ts';
import type { PlannedPort, ServiceDataplane, ServicePlan } from './service-dataplane.ts';
import { serviceKey, slicesByService } from './service-endpoints.ts';
import { servicePlan } from './service-plan.ts';

export type ServiceProxyOptions = {
  registry: Registry;
  dataplane: ServiceDataplane;
  /** Where the API listens: the endpoint of the Service `kubernetes`. */
  apiTarget: PlannedPort['target'];
  logger: Logger;
};

/** A burst of changes, such as a rollout's, becomes a few applies instead of one each. */
const PAUSE_MS = 200;
const LONGEST_RETRY_MS = 60_000;
/** What is known after this time is applied although some Service has no slice yet. */
const COMPLETE_WITHIN_MS = 30_000;

/**
 * Keeps the data plane as Services and EndpointSlices say, until the signal. Slices are computed anew at every start, while the kernel still has
 * the rules of the last run and traffic flows by them; so nothing is applied before every Service with a selector has a slice again.
 */
export async function runServiceProxy(options: ServiceProxyOptions, signal: AbortSignal): Promise<void> {
  const { registry } = options;
  const changes = new ChangeSignal();
  const unsubscribe = [
    registry.subscribe(services, changes.notify),
    registry.subscribe(endpointSlices, changes.notify),
  ];
  try {
    await completed(registry, changes, signal);
    await applyChanges(options, changes, signal);
  } finally {
    for (const stop of unsubscribe) stop();
  }
}

async function applyChanges(options: ServiceProxyOptions, changes: ChangeSignal, signal: AbortSignal): Promise<void> {
  let applied: ServicePlan | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const plan = currentPlan(options);
    if (!sameJson(plan, applied)) {
      const succeeded = await tryApply(options, plan, signal);
      applied = succeeded ? plan : undefined;
      failures = succeeded ? 0 : failures + 1;
      await pause(failures === 0 ? PAUSE_MS : Math.min(1000 * 2 ** (failures - 1), LONGEST_RETRY_MS), signal);
    }
    if (failures === 0) await changes.next(signal);
  }
}

/** Waits until the slices of every Service that selects pods are known, if only to be empty. */
async function completed(registry: Registry, changes: ChangeSignal, signal: AbortSignal): Promise<void> {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(COMPLETE_WITHIN_MS)]);
  const isComplete = () => {
    const slices = slicesByService(registry.all(endpointSlices));
    return registry
      .all(services)
      .every(
        (service) =>
          !service.spec?.selector || !isIPv4(service.spec.clusterIP ?? '') || slices.has(serviceKey(service)),
      );
  };
  while (!isComplete() && !bound.aborted) await changes.next(bound);
}

async function tryApply(
  { dataplane, logger }: ServiceProxyOptions,
  plan: ServicePlan,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await dataplane.apply(plan, signal);
    logger.debug({ ports: plan.ports.length }, 'services applied');
    return true;
  } catch (error) {
    if (!signal.aborted) logger.warn({ error }, 'cannot apply the services; the last ones stay; will try again');
    return false;
  }
}

const currentPlan = ({ registry, apiTarget }: ServiceProxyOptions): ServicePlan =>
  servicePlan({ services: registry.all(services), endpointSlices: registry.all(endpointSlices), apiTarget });

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
