import type { Access } from '../../api/auth/access.ts';
import { createApiServer, type ApiServerOptions } from '../../api/server.ts';
import type { Config } from '../../config.ts';
import { rbacAuthorizer } from '../../domain/authorization/rbac-authorizer.ts';
import type { Kubelet } from '../../domain/kubelet/kubelet.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import { serviceEndpoints } from '../../domain/network/resolve-service.ts';
import { kubernetesVersion } from '../../version.ts';

type ServerParts = Pick<ApiServerOptions, 'registry' | 'catalog' | 'openApiDirectory' | 'runtimeMetrics' | 'logger'> & {
  config: Config;
  access: Access;
  kubelet: Kubelet;
  hostIp: () => string;
};

/** Gives the API what it takes from other rooms. */
export function apiServer({ config, access, kubelet, hostIp, ...parts }: ServerParts) {
  const server = createApiServer({
    ...parts,
    kubelet,
    clock: systemClock,
    random: Math.random,
    serviceEndpoints: (service, port) => serviceEndpoints(parts.registry, service, port),
    authenticate: access.authenticate,
    authorizer: rbacAuthorizer(parts.registry),
    tokens: access.tokens,
    tls: access.tls,
    address: `${hostIp()}:${config.port}`,
    version: kubernetesVersion,
    checks: {
      livez: [{ name: 'ping', check: () => undefined }],
      readyz: [{ name: 'engine', check: () => (kubelet.ready ? undefined : 'not listed yet') }],
    },
  });
  access.cover(server.server);
  return server;
}
