import { fastify, type FastifyInstance } from 'fastify';
import type { SecureContextOptions } from 'node:tls';
import type { Clock } from '../domain/meta/clock.ts';
import type { Logger } from '../domain/meta/logger.ts';
import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import { admitRequest, userOf } from './admit-request.ts';
import type { App, Reply, Request } from './app.ts';
import { auditId } from './audit-id.ts';
import type { Authenticate } from './auth/authenticate.ts';
import { addDiscoveryRoutes } from './discovery-routes.ts';
import { addHealthRoutes, type HealthChecks } from './health-routes.ts';
import { measureRequests } from './metrics/measure-requests.ts';
import { addMetricsRoute } from './metrics/metrics-route.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import type { RuntimeMetrics } from './metrics/runtime-metrics.ts';
import { addOpenIdRoutes } from './openid-routes.ts';
import { registerOpenApi } from './openapi/openapi-routes.ts';
import { registerOpenApiV2 } from './openapi/v2/openapi-v2-route.ts';
import { OpenReplies } from './open-replies.ts';
import { addResourceRoutes } from './routes.ts';
import { bodyLimit, readBodies } from './request-body.ts';
import { sendError } from './send-error.ts';
import { sendNotFound } from './send-not-found.ts';
import { clientErrorHandler } from './slow-requests.ts';
import { routeUpgrades } from './streaming/upgrades.ts';
import type { VerbContext } from './verb.ts';

export type ApiServerOptions = VerbContext & {
  catalog: ResourceCatalog;
  authenticate: Authenticate;
  tls: SecureContextOptions & { requestCert: true; rejectUnauthorized: false };
  /** `host:port` that clients outside reach; discovery names it. */
  address: string;
  /** apimachinery pkg/version.Info */
  version: Readonly<Record<string, string>>;
  /** Where the build put the OpenAPI documents. */
  openApiDirectory: string;
  checks: HealthChecks;
  /** What was asked of the engine. */
  runtimeMetrics: RuntimeMetrics;
  clock: Clock;
  logger: Logger;
  limits?: Partial<typeof usualLimits>;
};

/**
 * Bounds for clients that are slow, dead or many. Watches and followed logs have none of their own: TCP finds out when their client is
 * gone, and a client that does not read is cut off by writeStream.
 */
const usualLimits = {
  handshake: 10_000,
  headers: 15_000,
  /** Until a request has come in whole; for one that is passed on, while nothing of it comes. */
  request: 60_000,
  idle: 120_000,
  keepAliveProbe: 30_000,
  connections: 512,
};

/** The API over HTTPS. It listens when told to; closing it ends watches and followed logs. */
export function createApiServer(options: ApiServerOptions): App {
  const { logger } = options;
  const limits = { ...usualLimits, ...options.limits };
  const app: App = fastify({
    https: {
      ...options.tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.handshake,
      headersTimeout: limits.headers,
      connectionsCheckingInterval: limits.request / 2,
      keepAlive: true,
      keepAliveInitialDelay: limits.keepAliveProbe,
    },
    requestTimeout: limits.request,
    clientErrorHandler: clientErrorHandler(limits.request),
    // Longer than Go's clients keep an idle connection (90 s), so that none is closed while they send on it.
    keepAliveTimeout: limits.idle,
    // After what is under way has been answered (OpenReplies): Node itself would wait until clients hang up on what they keep.
    forceCloseConnections: true,
    bodyLimit,
    exposeHeadRoutes: false,
    // Bodies are checked against Kubernetes' schemas; without ajv and its serializer Fastify is smaller.
    schemaController: { compilersFactory: { buildValidator: () => noSchemas, buildSerializer: () => noSchemas } },
    // The query is read with the path, in admitRequest.
    routerOptions: { querystringParser: () => noQuery, maxParamLength: 16_384 },
    frameworkErrors: (error, request, reply) => refuseUnrouted(options, error, request, reply),
  });
  app.server.maxConnections = limits.connections;
  readBodies(app);
  const open = new OpenReplies();
  app.addHook('preClose', () => open.end());
  const requests = new RequestMetrics();
  const noteLasting = measureRequests(app, requests);
  app.addHook('onRequest', async (request, reply) => {
    open.note(reply);
    reply.header('cache-control', 'no-cache, private').header('audit-id', auditId(request.headers['audit-id']));
    admitRequest(options, request);
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, logger));
  app.setNotFoundHandler((_request, reply) => sendNotFound(reply));
  const version = Buffer.from(`${JSON.stringify(options.version)}\n`);
  const closedSignal = (reply: Reply): AbortSignal => {
    noteLasting(reply);
    return open.closedSignal(reply);
  };
  addHealthRoutes(app, options.checks);
  app.get('/version', { exposeHeadRoute: true }, (_request, reply) => reply.type('application/json').send(version));
  addOpenIdRoutes(app, options.tokens.keySet);
  addDiscoveryRoutes(app, options);
  registerOpenApi(app as unknown as FastifyInstance, options.openApiDirectory, options.catalog);
  registerOpenApiV2(app as unknown as FastifyInstance, options.openApiDirectory, options.catalog);
  addMetricsRoute(app, { ...options, requests });
  addResourceRoutes(app, { ...options, closedSignal });
  routeUpgrades(app);
  return app;
}

const noQuery = Object.freeze({});

/** Never called: no route declares a schema. */
const noSchemas = () => {
  throw new TypeError('routes have no schemas');
};

/** What Fastify refuses before routing, such as an address that does not decode: nobody unknown learns of it. */
function refuseUnrouted(options: ApiServerOptions, error: Error, request: Request, reply: Reply): void {
  const answer = (reason: unknown) => void sendError(reason, request, reply, options.logger);
  try {
    userOf(options.authenticate, request);
    answer(error);
  } catch (refusal) {
    answer(refusal);
  }
}
