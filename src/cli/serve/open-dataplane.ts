import type { Config } from '../../config.ts';
import { NftablesDataplane } from '../../dataplane/nftables/nftables-dataplane.ts';
import { noDataplane } from '../../dataplane/none/no-dataplane.ts';
import type { RuntimeCapabilities } from '../../domain/container-runtime/container-runtime.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { currentHostAddress } from '../../domain/network/host-address.ts';
import type { PlannedPort, ServiceDataplane } from '../../domain/network/service-dataplane.ts';
import { bridgeName } from './bridge-name.ts';
import { bridgesNamespace, NAMESPACES } from './bridges-namespace.ts';

export type OpenedDataplane = {
  dataplane: ServiceDataplane;
  /** Where the Service `kubernetes` leads. */
  apiTarget: PlannedPort['target'];
  /** Ports of Services are opened on the host. */
  nodePorts: boolean;
};

/**
 * Services are rules of the kernel where pods' packets are routed: on the host, or, of an engine without root, in the namespace that holds the
 * bridges of all its networks, of which k2d's container is then a member like the pods.
 */
export async function openDataplane(
  config: Config,
  { rootless }: RuntimeCapabilities,
  logger: Logger,
): Promise<OpenedDataplane> {
  const { instance, podCidr, serviceCidr, nodePorts, port } = config;
  const options = { instance, bridge: bridgeName(instance), podCidr, serviceCidr, nodePorts, logger };
  const onHost = { kind: 'host', port } as const;
  const none = { dataplane: noDataplane, apiTarget: onHost, nodePorts: false };
  if (config.dataplane === 'none') return none;
  if (!rootless) return { dataplane: new NftablesDataplane(options), apiTarget: onHost, nodePorts: true };
  const namespace = await bridgesNamespace();
  if (namespace === undefined) {
    logger.warn({}, `no services: the engine runs without root, and ${NAMESPACES} shows no namespace of its bridges`);
    return none;
  }
  const endpoints = [{ ip: currentHostAddress(), port }];
  return {
    dataplane: new NftablesDataplane({ ...options, namespace }),
    apiTarget: { kind: 'endpoints', endpoints },
    nodePorts: false,
  };
}
