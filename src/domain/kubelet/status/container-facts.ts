import type { ContainerStatus as Observed } from '../../container-runtime/container.ts';
import { formatQuantity } from '../../meta/quantity.ts';
import type { Container, ContainerStatus } from '../../meta/types.ts';
import { resourcesOf } from '../container-spec/container-resources.ts';
import { parseGiven, sameLimits, type GivenResources } from '../container-spec/given-resources.ts';
import { label } from '../pod/pod-identity.ts';

type Facts = Pick<ContainerStatus, 'resources' | 'allocatedResources' | 'volumeMounts' | 'user'>;

/** What a container has, beside its state (kubernetes pkg/kubelet/kubelet_pods.go convertContainerStatusResources and its neighbours). */
export function containerFacts(container: Container, found: Observed, given: GivenResources): Facts {
  const { requests } = given;
  const user = userOf(found);
  return {
    resources: actualResources(found, given),
    ...(requests && Object.keys(requests).length > 0 ? { allocatedResources: requests } : {}),
    ...(container.volumeMounts ? { volumeMounts: container.volumeMounts.map(mountOf) } : {}),
    ...(user === undefined ? {} : { user }),
  };
}

/** As it was given, unless somebody changed the limits on the engine. Podman 4.3 goes on to tell what it was made with. */
function actualResources({ config, state, labels }: Observed, given: GivenResources): GivenResources {
  const seen = config.resources;
  const made = parseGiven(labels[label.resources]);
  if (made && sameLimits(seen, resourcesOf({ name: '', resources: made }))) return given;
  if (state.kind !== 'running' || sameLimits(seen, resourcesOf({ name: '', resources: given }))) return given;
  const { memory: _memory, cpu: _cpu, ...others } = given.limits ?? {};
  const limits = {
    ...others,
    ...(seen.cpuMillis === undefined ? {} : { cpu: quantity(seen.cpuMillis, 6n, 'DecimalSI') }),
    ...(seen.memoryBytes === undefined ? {} : { memory: quantity(seen.memoryBytes, 9n, 'BinarySI') }),
  };
  const { limits: _limits, ...rest } = given;
  return Object.keys(limits).length > 0 ? { ...rest, limits } : rest;
}

const quantity = (amount: number, exponent: bigint, format: 'DecimalSI' | 'BinarySI'): string =>
  formatQuantity({ nano: BigInt(Math.round(amount)) * 10n ** exponent, format });

type MountStatus = NonNullable<ContainerStatus['volumeMounts']>[number];

const mountOf = ({ name, mountPath, readOnly }: MountStatus): MountStatus => ({
  name,
  mountPath,
  ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
});

/** Names of users are known to the image only. */
function userOf({ config, state }: Observed): ContainerStatus['user'] {
  const [, uid, gid = '0'] = /^(\d+)(?::(\d+))?$/.exec(config.user || '0') ?? [];
  if (uid === undefined || state.kind !== 'running') return undefined;
  return { linux: { uid: Number(uid), gid: Number(gid), supplementalGroups: [Number(gid)] } };
}
