import { duplicate, forbiddenField, required, tooMany, type FieldError } from '../meta/field-error.ts';
import { dnsLabel } from '../meta/names.ts';
import type { ServicePort } from '../meta/types.ts';
import { headless, needsClusterIp, type ServiceSpec } from './service-spec.ts';
import { unique, uniqueNames } from './unique.ts';
import { eachOf, named, oneOf, portNumber, portNumberOrName } from './value-rules.ts';

const field = 'spec.ports';
const protocols = ['SCTP', 'TCP', 'UDP'];
/** Every port is a rule of the data plane; nobody has written this many. */
const maxPorts = 1000;

const validatePort = ({ name, port, protocol, targetPort }: ServicePort, at: string): FieldError[] => [
  ...(name ? named(`${at}.name`, name, dnsLabel) : []),
  ...portNumber(`${at}.port`, port ?? 0),
  ...oneOf(`${at}.protocol`, protocol, protocols),
  ...portNumberOrName(`${at}.targetPort`, targetPort),
];

/** kubernetes pkg/apis/core/validation/validation.go ValidateService, validateServicePort */
export function validateServicePorts(spec: ServiceSpec): FieldError[] {
  const { ports = [], type, clusterIP } = spec;
  if (ports.length === 0) return needsClusterIp(spec) && clusterIP !== headless ? [required(field)] : [];
  if (ports.length > maxPorts) return [tooMany(field, ports.length, maxPorts)];
  return [
    ...eachOf(field, ports, validatePort),
    ...(ports.length > 1 ? eachOf(field, ports, ({ name }, at) => (name ? [] : [required(`${at}.name`)])) : []),
    ...uniqueNames(ports, field),
    ...unique(
      ports,
      ({ protocol, port }) => `${protocol ?? ''}/${port}`,
      ({ protocol, port }, index) => duplicate(`${field}[${index}]`, { protocol, port }),
    ),
    ...unique(
      ports,
      ({ protocol, nodePort }) => (nodePort ? `${protocol ?? ''}/${nodePort}` : undefined),
      ({ nodePort }, index) => duplicate(`${field}[${index}].nodePort`, nodePort),
    ),
    ...(type === 'ClusterIP' || type === 'ExternalName'
      ? eachOf(field, ports, ({ nodePort }, at) =>
          nodePort ? [forbiddenField(`${at}.nodePort`, `may not be used when \`type\` is '${type}'`)] : [],
        )
      : []),
  ];
}
