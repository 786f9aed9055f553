import { openAccess } from '../api/auth/access.ts';
import { tokenBindings } from '../api/auth/token-bindings.ts';
import { RuntimeMetrics } from '../api/metrics/runtime-metrics.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../domain/meta/clock.ts';
import { addressAt, ipv4Range } from '../domain/meta/ipv4-range.ts';
import type { Logger } from '../domain/meta/logger.ts';
import { currentHostAddress } from '../domain/network/host-address.ts';
import { runServiceProxy } from '../domain/network/service-proxy.ts';
import { bootstrap } from '../domain/registry/bootstrap.ts';
import type { Registry } from '../domain/registry/registry.ts';
import { catalog as builtIn } from '../domain/resources/catalog.ts';
import { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import { createLogger } from '../log.ts';
import { measuredRuntime } from '../runtime/measured-runtime.ts';
import { writeDurably } from '../store/durable-file.ts';
import { apiServer } from './serve/api-server.ts';
import { awaitRuntime } from './serve/await-runtime.ts';
import { mountPropagation } from './serve/mount-propagation.ts';
import { openDataplane } from './serve/open-dataplane.ts';
import { openRegistry } from './serve/open-registry.ts';
import { startControllers, startEarlyControllers } from './serve/start-controllers.ts';
import { startKubelet } from './serve/start-kubelet.ts';

/** How long controllers wait for the engine to show what runs; then they act on what is known. */
const settleWithin = 30_000;

/** How long clients may hold the end up: less than the 10 s after which engines kill. */
const stopWithin = 5000;

/**
 * `k2d serve`: engine, stored intent, access, kubelet, API, controllers, services: each needs those before it. Resolves at SIGTERM, or at SIGHUP to
 * begin anew.
 */
export async function serve(config: Config, openApiDirectory: string): Promise<'end' | 'anew'> {
  const logger = createLogger(config);
  const { signal, by } = stopSignal();
  const hostIp = () => config.advertiseAddress ?? currentHostAddress();
  let caughtUp = false;
  const runtimeMetrics = new RuntimeMetrics();
  const observe = runtimeMetrics.observe.bind(runtimeMetrics);
  const runtime = measuredRuntime(await awaitRuntime(config, logger, signal), observe);
  const info = await runtime.info();
  const { dataplane, apiTarget, nodePorts } = await openDataplane(config, info.capabilities, logger);
  const propagation = await mountPropagation(config.hostRoot, info.capabilities);
  const capabilities = { ...info.capabilities, nodePorts, mountPropagation: propagation };
  const catalog = new ResourceCatalog(builtIn);
  const registry = await openRegistry({ config, catalog, logger, hasCaughtUp: () => caughtUp, node: capabilities });
  await bootstrap(registry, config);
  const access = await openAccess(accessOptions(config, registry, logger), signal);
  const { instance, port } = config;
  const common = { config, registry, catalog, hostIp, logger, signal };
  const { authorityCertificate: authority, tokens } = access;
  const kubelet = await startKubelet({ ...common, runtime, info, capabilities, dataplane, tokens });
  const server = apiServer({ ...common, access, kubelet, openApiDirectory, runtimeMetrics });
  const secretEnvironment = kubelet.secretEnvironment.bind(kubelet);
  const readUsage = kubelet.usage.bind(kubelet);
  const pullAhead = kubelet.pullAhead.bind(kubelet);
  const controllers = { ...common, authority, tokens, secretEnvironment, readUsage, pullAhead };
  startEarlyControllers(controllers);
  await server.listen({ port, host: '::' });
  logger.info({ port, instance }, 'k2d serves');
  await Promise.race([kubelet.settled, aborted(AbortSignal.any([signal, AbortSignal.timeout(settleWithin)]))]);
  caughtUp = true;
  startControllers(controllers);
  await runServiceProxy({ registry, dataplane, apiTarget, logger }, signal);
  logger.info({}, 'k2d stops; workloads run on');
  await Promise.race([server.close(), aborted(AbortSignal.timeout(stopWithin))]);
  return by() === 'SIGHUP' ? 'anew' : 'end';
}

function stopSignal(): { signal: AbortSignal; by: () => NodeJS.Signals | undefined } {
  const stop = new AbortController();
  let heard: NodeJS.Signals | undefined;
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(name, () => {
      heard ??= name;
      stop.abort();
    });
  }
  return { signal: stop.signal, by: () => heard };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function accessOptions(config: Config, registry: Registry, logger: Logger): Parameters<typeof openAccess>[0] {
  const { dataPath, kubeconfigPath, instance, port, nodeName, advertiseAddress } = config;
  return {
    dataPath,
    kubeconfigPath,
    instance,
    port,
    ...(advertiseAddress === undefined ? {} : { advertiseAddress }),
    hostname: nodeName,
    serviceAddress: addressAt(ipv4Range(config.serviceCidr), 1),
    bindings: tokenBindings(registry),
    clock: systemClock,
    write: writeDurably,
    logger,
  };
}
