import type { NetworkInspectInfo } from 'dockerode';
import type {
  NetworkSpec,
  Networks,
  NetworkStatus,
  SecondaryNetworkSpec,
} from '../../domain/container-runtime/network.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { isEngineName } from './engine-name.ts';
import { labelFilter } from './labels.ts';
import { BRIDGE_NAME, secondaryNetworkBody } from './secondary-network.ts';

export function dockerNetworks(engine: DockerEngine): Networks {
  const inspect = async (name: string) => {
    if (!isEngineName(name)) return undefined;
    const found = await orGone(
      engine.call((docker) => docker.getNetwork(name).inspect() as Promise<NetworkInspectInfo>),
    );
    // Docker also takes an id, or the beginning of one.
    return found?.Name === name ? found : undefined;
  };

  const create = async (name: string, body: ReturnType<typeof networkBody | typeof secondaryNetworkBody>) => {
    // Asked first, because a network of that name and the same subnet could answer either way.
    if (await inspect(name)) throw new RuntimeError('AlreadyExists', `network ${name} exists`);
    await engine.call((docker, abortSignal) => docker.createNetwork({ ...body, abortSignal }));
  };

  return {
    create: (spec: NetworkSpec) => create(spec.name, networkBody(spec)),
    createSecondary: (spec: SecondaryNetworkSpec) => create(spec.name, secondaryNetworkBody(spec)),
    list: async (labels) => {
      const filters = { label: labelFilter(labels) };
      const listed = await engine.call(
        (docker, abortSignal) => docker.listNetworks({ filters, abortSignal }) as Promise<NetworkInspectInfo[]>,
      );
      return listed.map(networkStatus);
    },
    status: async (name) => {
      const found = await inspect(name);
      return found && networkStatus(found);
    },
    remove: async (name) => {
      const found = await inspect(name);
      if (found)
        await orGone(engine.call((docker, abortSignal) => docker.getNetwork(found.Id).remove({ abortSignal })));
    },
  };
}

/** CheckDuplicate: else Docker makes a second network of the same name, and the name becomes ambiguous. */
const networkBody = ({ name, labels, subnet, gateway, dynamicRange, bridge }: NetworkSpec) => ({
  Name: name,
  CheckDuplicate: true,
  Driver: 'bridge',
  IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway, IPRange: dynamicRange }] },
  Labels: { ...labels },
  Options: { [BRIDGE_NAME]: bridge },
});

const networkStatus = ({ Name, Id, Labels, Driver, IPAM, Options }: NetworkInspectInfo): NetworkStatus => ({
  name: Name,
  labels: Labels ?? {},
  subnet: IPAM?.Config?.[0]?.['Subnet'] ?? '',
  // libnetwork drivers/bridge: the first twelve digits of the id, unless a name was given.
  bridge: Driver === 'bridge' ? (Options?.[BRIDGE_NAME] ?? `br-${Id.slice(0, 12)}`) : '',
});
