import type { Registry } from '../../domain/registry/registry.ts';
import type { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import type { App } from '../app.ts';
import { exposition, expositionType, labelText, type MetricFamily } from './exposition.ts';
import { processMetrics } from './process-metrics.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { RuntimeMetrics } from './runtime-metrics.ts';

type Options = {
  registry: Registry;
  catalog: ResourceCatalog;
  version: Readonly<Record<string, string>>;
  requests: RequestMetrics;
  runtimeMetrics: RuntimeMetrics;
};

/** `/metrics` for Prometheus: made when somebody asks, so that nothing runs while nobody does. */
export function addMetricsRoute(app: App, { registry, catalog, version, requests, runtimeMetrics }: Options): void {
  app.get('/metrics', { exposeHeadRoute: true }, (_request, reply) =>
    reply
      .type(expositionType)
      .send(
        exposition([
          ...requests.families(),
          ...runtimeMetrics.families(),
          storedObjects(registry, catalog.stored),
          buildInfo(version),
          ...processMetrics(),
        ]),
      ),
  );
}

const storedObjects = (registry: Registry, catalog: readonly ResourceDefinition[]): MetricFamily => ({
  name: 'apiserver_storage_objects',
  help: 'Number of stored objects at the time of last check split by kind.',
  type: 'gauge',
  samples: catalog.map((definition) => ({
    labels: labelText({ resource: `${definition.plural}${definition.group === '' ? '' : `.${definition.group}`}` }),
    value: registry.count(definition),
  })),
});

/** component-base metrics/prometheus/version */
const buildInfo = ({ major = '', minor = '', gitVersion = '' }: Options['version']): MetricFamily => ({
  name: 'kubernetes_build_info',
  help: 'A metric with a constant value of 1 labeled by major, minor and git version of the API.',
  type: 'gauge',
  samples: [{ labels: labelText({ major, minor, git_version: gitVersion }), value: 1 }],
});
