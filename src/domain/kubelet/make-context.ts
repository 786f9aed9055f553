import { join } from 'node:path';
import type { Pod } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { ContainerIndex } from './pod/container-index.ts';
import { PodSources } from './environment/pod-sources.ts';
import { ContainerEnding } from './hooks/container-ending.ts';
import type { ImageCollector } from './images/image-collector.ts';
import { ImagePuller } from './images/image-puller.ts';
import { ImageRefs } from './images/image-refs.ts';
import type { PulledImages } from './images/pulled-images.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { KubeletOptions } from './kubelet-options.ts';
import { openSecondaryNetworks } from './networks/open-secondary-networks.ts';
import type { NodeObserver } from './node/node-observer.ts';
import { PodAddresses } from './pod/pod-addresses.ts';
import { probeOutcomes } from './probes/probe-outcomes.ts';
import { Prober } from './probes/prober.ts';
import { EngineVolumes } from './volumes/engine-volumes.ts';
import { HostFiles } from './volumes/host-files.ts';
import { HostsFiles } from './volumes/hosts-files.ts';
import { PodTokens } from './volumes/pod-tokens.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';
import { startVolumeReclaimer } from './volumes/volume-reclaimer.ts';

/** What all pod workers share, made once. */
export function makeContext(
  options: KubeletOptions,
  { pulled, collector, node }: { pulled: PulledImages; collector: ImageCollector; node: NodeObserver },
  wake: (podUid: string) => void,
): KubeletContext {
  const { registry, runtime, info, capabilities, instance, clock, logger, recorder, signal, hostIp, podStarted } =
    options;
  const claimed = new EngineVolumes(join(options.dataPath, 'volumes'), runtime.volumes, instance);
  startVolumeReclaimer({ registry, volumes: claimed, logger, signal });
  const volumes = new PodVolumes({
    folder: join(options.dataPath, 'pods'),
    engine: runtime.volumes,
    instance,
    claimed,
    capabilities,
    host: new HostFiles(options.hostRoot),
  });
  const tokens = new PodTokens(options.mintToken, clock);
  const addresses = new PodAddresses(options.firstFreeAddress);
  const { containers } = runtime;
  const ipOf = ({ spec, metadata }: Pod) => (spec?.hostNetwork ? hostIp() : (addresses.of(metadata?.uid ?? '') ?? ''));
  const ending = new ContainerEnding({ containers, clock, recorder, logger, ipOf });
  return {
    registry,
    catalog: options.catalog,
    runtime,
    capabilities,
    nodeRules: { appArmor: capabilities.appArmor, allowedUnsafeSysctls: options.allowedUnsafeSysctls },
    seccompFolder: join(options.dataPath, 'seccomp'),
    engine: info.name,
    instance,
    network: options.network.name,
    clock,
    logger,
    recorder,
    signal,
    index: new ContainerIndex(),
    addresses,
    secondaryNetworks: openSecondaryNetworks(options),
    volumes,
    hostsFiles: new HostsFiles(volumes, options.hostsText),
    puller: new ImagePuller(runtime.images, clock, signal, (pull) => {
      node.expire();
      void pulled
        .note(pull, clock.now())
        .catch((error: unknown) => logger.warn({ error }, 'cannot note that an image was pulled'))
        .then(() => collector.look());
    }),
    collector,
    imageRefs: new ImageRefs(runtime.images),
    prober: new Prober(containers, probeOutcomes({ containers, ending, recorder, logger, wake }), signal),
    ending,
    hookOptions: { containers, recorder, logger, ipOf, signal },
    tokens,
    hostIp,
    sources: new PodSources({ registry, info, addresses, tokens, hostIp }),
    isAlive: (uid) => registry.all(pods).some((pod) => pod.metadata?.uid === uid),
    podStarted,
  };
}
