import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { admissionChain, type AdmissionPlugin } from '../domain/admission/chain.ts';
import { customResourceLifecycle } from '../domain/admission/custom-resource-lifecycle.ts';
import { namespaceLifecycle } from '../domain/admission/namespace-lifecycle.ts';
import { rbacEscalation } from '../domain/admission/rbac-escalation.ts';
import { rbacAuthorizer } from '../domain/authorization/rbac-authorizer.ts';
import { systemClock } from '../domain/meta/clock.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import { serviceEndpoints } from '../domain/network/resolve-service.ts';
import type { ObjectStore } from '../domain/registry/object-store.ts';
import { Registry } from '../domain/registry/registry.ts';
import { catalog as builtIn } from '../domain/resources/catalog.ts';
import { namespaces } from '../domain/resources/namespace.ts';
import { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import { openAccess } from './auth/access.ts';
import type { ServiceAccountTokens } from './auth/service-account-token.ts';
import { tokenBindings } from './auth/token-bindings.ts';
import { RuntimeMetrics } from './metrics/runtime-metrics.ts';
import { createApiServer, type ApiServerOptions } from './server.ts';

/** A real API server on a real TLS socket over a registry that keeps nothing, and a client that is its administrator. */
export type ApiTestBed = {
  registry: Registry;
  catalog: ResourceCatalog;
  tokens: ServiceAccountTokens;
  /** PEM of the authority that vouches for the server. */
  authority: string;
  port: number;
  kubeconfigPath: string;
  /** For a connection of one's own. */
  credentials(): ReturnType<typeof identityOf>;
  send(method: string, path: string, options?: SendOptions): Promise<Reply>;
  /** The lines of a stream, parsed, as they come. The stream ends when the iteration is left. */
  stream(path: string, headers?: Record<string, string>): Promise<AsyncGenerator<WatchLine>>;
  /** A reply as it comes. */
  open(path: string, headers?: Record<string, string>): Promise<IncomingMessage>;
  /** What the server told its log. */
  logged: unknown[];
  close(): Promise<void>;
};

export type WatchLine = { type: string; object: KubernetesObject & Record<string, unknown> };

type SendOptions = { body?: unknown; headers?: Record<string, string>; anonymous?: boolean };
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every kind
export type Reply = { status: number; headers: IncomingMessage['headers']; text: string; body: any };

type BedOptions = Partial<Pick<ApiServerOptions, 'checks' | 'openApiDirectory' | 'limits' | 'runtimeMetrics'>> & {
  kubelet?: Partial<ApiServerOptions['kubelet']>;
  admission?: readonly AdmissionPlugin[];
  history?: number;
  port?: number;
  /** What is stored, of a test that puts together more than the API. */
  stored?: { registry: Registry; catalog: ResourceCatalog };
};

const nothingRuns = () => Promise.resolve(undefined);

const forgetfulStore: ObjectStore = {
  async *load() {},
  put: async () => {},
  remove: async () => {},
  resourceVersionBound: async () => 0,
  raiseResourceVersionBound: async () => {},
};

export async function openApiTestBed(options: BedOptions = {}): Promise<ApiTestBed> {
  const dataPath = await mkdtemp(join(tmpdir(), 'k2d-api-'));
  const stop = new AbortController();
  const logged: unknown[] = [];
  const note = (fields: object, message: string) => void logged.push({ ...fields, message });
  const logger = { debug: note, info: note, warn: note, error: note };
  const kubeconfigPath = join(dataPath, 'kubeconfig');
  const { registry, catalog } = options.stored ?? (await openForgetful(options));
  const access = await openAccess(
    {
      dataPath,
      kubeconfigPath,
      instance: 'k2d',
      port: options.port ?? 6443,
      hostname: 'device-1',
      serviceAddress: '10.43.0.1',
      bindings: tokenBindings(registry),
      clock: systemClock,
      write: async (path, content, mode) => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content, { mode });
      },
      logger,
    },
    stop.signal,
  );
  const app = createApiServer({
    registry,
    catalog,
    kubelet: {
      logs: async () => undefined,
      previousLogs: async () => undefined,
      exec: nothingRuns,
      attach: nothingRuns,
      portForward: () => Promise.reject(new Error('nothing listens')),
      refreshNode: async () => {},
      usage: async () => new Map(),
      nodeUsage: nothingRuns,
      ...options.kubelet,
    },
    serviceEndpoints: (service, port) => serviceEndpoints(registry, service, port),
    authenticate: access.authenticate,
    authorizer: rbacAuthorizer(registry),
    tokens: access.tokens,
    tls: access.tls,
    address: '10.0.0.1:6443',
    runtimeMetrics: options.runtimeMetrics ?? new RuntimeMetrics(),
    version: { major: '1', minor: '35', gitVersion: 'v1.35.0' },
    openApiDirectory: options.openApiDirectory ?? dataPath,
    checks: options.checks ?? { livez: [{ name: 'ping', check: () => undefined }], readyz: [] },
    clock: systemClock,
    random: Math.random,
    logger,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const identity = await identityOf(kubeconfigPath);
  const agent = new Agent({ keepAlive: true, ...identity });
  const stranger = new Agent({ rejectUnauthorized: false });
  const open = async (method: string, path: string, { body, headers, anonymous }: SendOptions) => {
    const bytes = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
    const length = bytes === undefined ? {} : { 'content-length': Buffer.byteLength(bytes) };
    const via = anonymous ? stranger : agent;
    const request = httpsRequest({
      port,
      path,
      method,
      headers: { ...headers, ...length },
      agent: via,
      host: '127.0.0.1',
    });
    request.end(bytes);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  return {
    registry,
    catalog,
    tokens: access.tokens,
    authority: access.authorityCertificate,
    port,
    kubeconfigPath,
    credentials: async () => identity,
    logged,
    send: async (method, path, sendOptions = {}) => replyOf(await open(method, path, sendOptions)),
    stream: async (path, headers = {}) => linesOf(await open('GET', path, { headers })),
    open: (path, headers = {}) => open('GET', path, { headers }),
    close: async () => {
      await app.close();
      agent.destroy();
      stop.abort();
      await rm(dataPath, { recursive: true, force: true });
    },
  };
}

async function openForgetful({
  admission = [],
  history = 1000,
}: BedOptions): Promise<NonNullable<BedOptions['stored']>> {
  const registry = await Registry.open({
    catalog: builtIn,
    store: forgetfulStore,
    admission: admissionChain([namespaceLifecycle(), customResourceLifecycle(), rbacEscalation(), ...admission]),
    clock: systemClock,
    random: Math.random,
    history,
  });
  await registry.create(namespaces, { metadata: { name: 'default' } });
  return { registry, catalog: new ResourceCatalog(builtIn) };
}

async function replyOf(response: IncomingMessage): Promise<Reply> {
  const text = (await response.setEncoding('utf8').toArray()).join('');
  const isJson = text !== '' && String(response.headers['content-type']).startsWith('application/json');
  return { status: response.statusCode ?? 0, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<WatchLine> {
  try {
    for await (const line of createInterface(response)) yield JSON.parse(line) as WatchLine;
  } finally {
    response.destroy();
  }
}

async function identityOf(kubeconfigPath: string): Promise<{ ca: Buffer; cert: Buffer; key: Buffer }> {
  const { clusters, users } = parse(await readFile(kubeconfigPath, 'utf8'));
  const decode = (text: string) => Buffer.from(text, 'base64');
  return {
    ca: decode(clusters[0].cluster['certificate-authority-data']),
    cert: decode(users[0].user['client-certificate-data']),
    key: decode(users[0].user['client-key-data']),
  };
}
