import type { RuntimeInfo } from '../../container-runtime/container-runtime.ts';
import type { RegistryAuth } from '../../container-runtime/image.ts';
import type { Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { quantityMilli, quantityValue } from '../../meta/quantity.ts';
import { nodes } from '../../resources/node.ts';
import { configMaps } from '../../resources/config-map.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../resources/persistent-volume.ts';
import { secrets } from '../../resources/secret.ts';
import { services } from '../../resources/service.ts';
import type { PodAddresses } from '../pod/pod-addresses.ts';
import type { PodTokens } from '../volumes/pod-tokens.ts';
import { credentialsFor } from '../images/registry-credentials.ts';
import { serviceEnvironment } from './service-environment.ts';
import type { VolumeSources } from '../volumes/volume-sources.ts';

export type PodSourcesOptions = {
  registry: Registry;
  info: RuntimeInfo;
  addresses: PodAddresses;
  tokens: PodTokens;
  hostIp: () => string;
};

/** Where a pod's environment and files come from; secrets and ConfigMaps are those of its own namespace only. */
export class PodSources {
  readonly #options: PodSourcesOptions;

  constructor(options: PodSourcesOptions) {
    this.#options = options;
  }

  of(pod: Pod): VolumeSources {
    const { registry, addresses, tokens, hostIp } = this.#options;
    const namespace = pod.metadata?.namespace ?? '';
    const ip = pod.spec?.hostNetwork ? hostIp() : addresses.of(pod.metadata?.uid ?? '');
    return {
      configMap: (name) => registry.find(configMaps, { namespace, name }),
      secret: (name) => registry.find(secrets, { namespace, name }),
      services: serviceEnvironment(pod, registry.all(services)),
      podIp: ip ?? '',
      hostIp: hostIp(),
      node: this.#room(),
      token: (request) => tokens.get(pod, request),
      claim: (name) => registry.find(persistentVolumeClaims, { namespace, name }),
      persistentVolume: (name) => registry.find(persistentVolumes, { namespace: '', name }),
    };
  }

  /** What pods can have of the node: what a container without limits could take. */
  #room(): VolumeSources['node'] {
    const { registry, info } = this.#options;
    const { cpu = String(info.cpus), memory = String(info.memoryBytes) } =
      registry.all(nodes)[0]?.status?.allocatable ?? {};
    return { cpuMillis: quantityMilli(cpu), memoryBytes: quantityValue(memory) };
  }

  /** Of the secrets that the pod names, to which those of its account were added when it was made; `missing` are names of secrets. */
  credentials(pod: Pod, image: string): { credentials: RegistryAuth[]; missing: string[] } {
    const namespace = pod.metadata?.namespace ?? '';
    const names = (pod.spec?.imagePullSecrets ?? []).map(({ name = '' }) => name);
    const find = (name: string) => this.#options.registry.find(secrets, { namespace, name });
    const missing = names.filter((name) => find(name) === undefined);
    return { credentials: credentialsFor(image, names.map(find)), missing };
  }
}
