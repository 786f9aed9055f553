import { invalid } from '../meta/field-error.ts';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { Service } from '../meta/types.ts';
import { services } from '../resources/service.ts';
import { allocateClusterIp } from './allocate-cluster-ip.ts';
import { allocateNodePorts } from './allocate-node-ports.ts';
import { carryServiceAddresses } from './carry-service-addresses.ts';
import type { AdmissionPlugin } from './chain.ts';
import type { NumberRange } from './free-number.ts';

export type ServiceAddressesOptions = { serviceCidr: string; nodePorts: NumberRange; random: () => number };

/**
 * Gives Services their cluster address and node ports (kubernetes pkg/registry/core/service/storage/alloc.go). What is taken is read from
 * the Services themselves; `services` is an exclusive resource, so nobody else allocates meanwhile.
 */
export const serviceAddresses = ({ serviceCidr, nodePorts, random }: ServiceAddressesOptions): AdmissionPlugin => ({
  name: 'ServiceAddresses',
  mutate({ definition, subresource, key, object, oldObject }, lister) {
    if (definition.plural !== services.plural || definition.group !== services.group) return undefined;
    const service = object as Service | undefined;
    if (!service?.spec || subresource !== undefined) return undefined;
    const before = (oldObject as Service | undefined)?.spec;
    const carried = before ? carryServiceAddresses(service.spec, before) : service.spec;
    const others = lister
      .all(services)
      .filter((other) => formatKey(keyOf(other)) !== formatKey(key))
      .flatMap(({ spec }) => (spec ? [spec] : []));
    const addressed = allocateClusterIp(carried, before, others, serviceCidr, random);
    const opened = allocateNodePorts(addressed.spec, before, others, nodePorts, random);
    const errors = [...addressed.errors, ...opened.errors];
    if (errors.length > 0) throw invalid('', 'Service', key.name, errors);
    return { ...service, spec: opened.spec };
  },
});
