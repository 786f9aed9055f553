import { duplicate, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { portName } from '../meta/names.ts';
import type { Container, PodSpec } from '../meta/types.ts';
import { unique } from './unique.ts';
import { eachOf, named, oneOf, portNumber } from './value-rules.ts';

type Port = NonNullable<Container['ports']>[number];

const protocols = ['SCTP', 'TCP', 'UDP'];

const validatePort = ({ name, containerPort, hostPort, protocol }: Port, field: string): FieldError[] => [
  ...(name ? named(`${field}.name`, name, portName) : []),
  ...(containerPort ? portNumber(`${field}.containerPort`, containerPort) : [required(`${field}.containerPort`)]),
  ...(hostPort ? portNumber(`${field}.hostPort`, hostPort) : []),
  ...oneOf(`${field}.protocol`, protocol, protocols),
];

/** kubernetes pkg/apis/core/validation/validation.go validateContainerPorts */
export const validateContainerPorts = ({ ports }: Container, field: string): FieldError[] => [
  ...eachOf(field, ports, validatePort),
  ...unique(
    ports,
    ({ name }) => name,
    (_port, index, name) => duplicate(`${field}[${index}].name`, name),
  ),
];

type PlacedPort = { port: Port; field: string };

/** What the containers of one pod do to each other on the host (checkHostPortConflicts, validateHostNetwork). */
export function validateHostPorts({ containers, hostNetwork }: PodSpec, field: string): FieldError[] {
  const placed: PlacedPort[] = containers.flatMap(({ ports }, container) =>
    (ports ?? []).map((port, index) => ({ port, field: `${field}.containers[${container}].ports[${index}]` })),
  );
  const clashes = unique(
    placed,
    ({ port }) => (port.hostPort ? `${port.protocol ?? 'TCP'}/${port.hostIP ?? ''}/${port.hostPort}` : undefined),
    ({ field: at }, _index, key) => duplicate(`${at}.hostPort`, key),
  );
  const apart = hostNetwork ? placed.filter(({ port }) => port.hostPort !== port.containerPort) : [];
  return [
    ...clashes,
    ...apart.map(({ port, field: at }) =>
      invalidValue(`${at}.containerPort`, port.containerPort, 'must match `hostPort` when `hostNetwork` is true'),
    ),
  ];
}
