import { invalidValue, type FieldError } from '../meta/field-error.ts';
import type { ServicePort } from '../meta/types.ts';
import { needsNodePorts, type ServiceSpec } from '../resources/service-spec.ts';
import type { Allocation } from './allocation.ts';
import { freeNumber, type NumberRange } from './free-number.ts';

/** kubernetes pkg/registry/core/service/portallocator/allocator.go calculateRangeOffset */
const lowerBand = ({ first, last }: NumberRange): number =>
  Math.min(Math.max(16, Math.floor((last - first + 1) / 32)), 128);

const nodePortsOf = ({ ports }: ServiceSpec): number[] => (ports ?? []).flatMap(({ nodePort }) => nodePort || []);

/** Keeps, checks or chooses the port of each port. One Service may use a number for TCP and UDP, two may not share it. */
export function allocateNodePorts(
  spec: ServiceSpec,
  before: ServiceSpec | undefined,
  others: readonly ServiceSpec[],
  range: NumberRange,
  random: () => number,
): Allocation {
  if (!needsNodePorts(spec) || !spec.ports) return { spec, errors: [] };
  const foreign = new Set(others.flatMap(nodePortsOf));
  const held = new Set(before ? nodePortsOf(before) : []);
  const errors = spec.ports.flatMap(({ nodePort }, index) =>
    nodePort && !held.has(nodePort) ? refusal(nodePort, index, range, foreign) : [],
  );
  if (errors.length > 0) return { spec, errors };
  const taken = new Set([...foreign, ...nodePortsOf(spec)]);
  const ports: ServicePort[] = [];
  for (const port of spec.ports) {
    const nodePort = port.nodePort || sibling(port, ports) || freeNumber(range, lowerBand(range), taken, random);
    if (nodePort === undefined) return { spec, errors: [full(ports.length)] };
    taken.add(nodePort);
    ports.push({ ...port, nodePort });
  }
  return { spec: { ...spec, ports }, errors: [] };
}

/** The same port over another protocol gets the same door (alloc.go allocNodePorts). */
const sibling = ({ port, protocol }: ServicePort, done: readonly ServicePort[]): number | undefined =>
  done.find((other) => other.port === port && other.protocol !== protocol)?.nodePort;

function refusal(nodePort: number, index: number, range: NumberRange, foreign: ReadonlySet<number>): FieldError[] {
  const field = `spec.ports[${index}].nodePort`;
  if (nodePort < range.first || nodePort > range.last) {
    const valid = `The range of valid ports is ${range.first}-${range.last}`;
    return [invalidValue(field, nodePort, `provided port is not in the valid range. ${valid}`)];
  }
  return foreign.has(nodePort) ? [invalidValue(field, nodePort, 'provided port is already allocated')] : [];
}

const full = (index: number): FieldError =>
  invalidValue(`spec.ports[${index}].nodePort`, 0, 'failed to allocate a nodePort: range is full');
