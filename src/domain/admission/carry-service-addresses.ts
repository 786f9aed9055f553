import type { ServicePort } from '../meta/types.ts';
import { needsClusterIp, needsNodePorts, type ServiceSpec } from '../resources/service-spec.ts';
import { sameJson } from '../meta/deep-equal.ts';

/** What an update leaves open stays as it was, and what the new type has no use for goes (kubernetes pkg/registry/core/service/storage/storage.go). */
export const carryServiceAddresses = (next: ServiceSpec, current: ServiceSpec): ServiceSpec =>
  carryNodePorts(carryClusterIp(next, current), current);

/** normalizeClusterIPs, patchAllocatedValues, dropTypeDependentFields */
function carryClusterIp(next: ServiceSpec, current: ServiceSpec): ServiceSpec {
  if (!needsClusterIp(current)) return next;
  if (!needsClusterIp(next)) return isUnchanged(next, current) ? withoutClusterIp(next) : next;
  const { clusterIP, clusterIPs, ...rest } = next;
  const listFollows = clusterIP !== current.clusterIP && sameJson(clusterIPs, current.clusterIPs);
  const list = listFollows ? (clusterIP ? [clusterIP] : undefined) : clusterIPs;
  return {
    ...rest,
    ...defined('clusterIP', clusterIP || current.clusterIP),
    ...defined('clusterIPs', list?.length ? list : clusterIP ? [clusterIP] : current.clusterIPs),
    ...defined('ipFamilies', next.ipFamilies ?? current.ipFamilies),
    ...defined('ipFamilyPolicy', next.ipFamilyPolicy ?? current.ipFamilyPolicy),
  };
}

const isUnchanged = (next: ServiceSpec, current: ServiceSpec): boolean =>
  (!next.clusterIP || next.clusterIP === current.clusterIP) &&
  (!next.clusterIPs?.length || sameJson(next.clusterIPs, current.clusterIPs));

const withoutClusterIp = ({
  clusterIP: _clusterIP,
  clusterIPs: _clusterIPs,
  ipFamilies: _families,
  ipFamilyPolicy: _policy,
  ...spec
}: ServiceSpec): ServiceSpec => spec;

const defined = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

function carryNodePorts(next: ServiceSpec, current: ServiceSpec): ServiceSpec {
  if (!next.ports || !needsNodePorts(current)) return next;
  if (needsNodePorts(next)) return { ...next, ports: fillNodePorts(next.ports, current.ports ?? []) };
  return sameJson(nodePortsOf(next.ports), nodePortsOf(current.ports ?? []))
    ? { ...next, ports: next.ports.map(({ nodePort: _nodePort, ...port }) => port) }
    : next;
}

const nodePortsOf = (ports: readonly ServicePort[]): (number | undefined)[] => ports.map(({ nodePort }) => nodePort);

/** By the port's name: whoever renames or renumbers a target keeps the door. */
function fillNodePorts(ports: readonly ServicePort[], current: readonly ServicePort[]): ServicePort[] {
  const used = new Set(nodePortsOf(ports));
  return ports.map((port) => {
    const before = current.find(({ name = '' }) => name === (port.name ?? ''))?.nodePort;
    if (port.nodePort || !before || used.has(before)) return port;
    used.add(before);
    return { ...port, nodePort: before };
  });
}
