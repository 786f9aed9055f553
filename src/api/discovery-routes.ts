import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import type { ResourceDefinition } from '../domain/resources/resource-definition.ts';
import {
  aggregatedDiscovery,
  aggregatedMediaType,
  aggregatedVersion,
  type AggregatedDocument,
} from './aggregated-discovery.ts';
import type { App, Reply, Request } from './app.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery.ts';
import { perCatalog } from './per-catalog.ts';
import { sendNotFound } from './send-not-found.ts';

type Options = {
  catalog: ResourceCatalog;
  /** `host:port` that clients outside reach. */
  address: string;
};

/** What there is, for clients that look before they ask. */
export function addDiscoveryRoutes(app: App, { catalog, address }: Options): void {
  const served = perCatalog(catalog, (definitions) => definitions);
  const core = documents(catalog, ({ group }) => group === '');
  const named = documents(catalog, ({ group }) => group !== '');
  const roots = [
    { url: '/api', plain: () => apiVersions(served(), address), aggregated: core },
    { url: '/apis', plain: () => apiGroupList(served()), aggregated: named },
  ];
  for (const { url, plain, aggregated } of roots) {
    const handler = (request: Request, reply: Reply) => {
      const version = aggregatedVersion(request.headers.accept);
      reply.header('vary', 'Accept');
      return version === undefined
        ? sendJson(reply, plain())
        : sendAggregated(request, reply, aggregated(version), aggregatedMediaType(version));
    };
    app.get(url, handler);
    app.get(`${url}/`, handler);
  }
  type GroupVersion = { Params: { group?: string; version: string } };
  app.get<GroupVersion>('/api/:version', ({ params }, reply) =>
    sendJson(reply, apiResourceList(served(), params.version)),
  );
  app.get<GroupVersion>('/apis/:group/:version', ({ params: { group, version } }, reply) =>
    sendJson(reply, apiResourceList(served(), `${group}/${version}`)),
  );
  app.get<{ Params: { group: string } }>('/apis/:group', ({ params }, reply) =>
    sendJson(reply, apiGroup(served(), params.group)),
  );
}

/** Made when somebody first asks, and again when the resources have changed. */
function documents(catalog: ResourceCatalog, isPart: (definition: ResourceDefinition) => boolean) {
  const made = perCatalog(catalog, (served) => ({
    definitions: served.filter(isPart),
    byVersion: new Map<string, AggregatedDocument>(),
  }));
  return (version: Parameters<typeof aggregatedDiscovery>[1]): AggregatedDocument => {
    const { definitions, byVersion } = made();
    const document = byVersion.get(version) ?? aggregatedDiscovery(definitions, version);
    byVersion.set(version, document);
    return document;
  };
}

async function sendAggregated(
  request: Request,
  reply: Reply,
  { text, etag }: AggregatedDocument,
  mediaType: string,
): Promise<void> {
  reply.header('etag', etag).header('cache-control', 'public');
  if (request.headers['if-none-match'] === etag) await reply.code(304).send();
  else await reply.type(mediaType).send(Buffer.from(text));
}

/** Undefined is a path that does not exist. */
async function sendJson(reply: Reply, document: object | undefined): Promise<void> {
  if (document === undefined) return sendNotFound(reply);
  await reply.type('application/json').send(Buffer.from(`${JSON.stringify(document)}\n`));
}
