import { invalidValue, required, tooMany, type FieldError } from '../meta/field-error.ts';
import { dnsLabel, portName } from '../meta/names.ts';
import type { EndpointSlice, Endpoints } from '../meta/types.ts';
import { uniqueNames } from './unique.ts';
import { eachOf, ipAddress, named, oneOf, portNumber } from './value-rules.ts';

type Subset = NonNullable<Endpoints['subsets']>[number];

const protocols = ['SCTP', 'TCP', 'UDP'];
const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 100;

const validateSubset = (subset: Subset, field: string): FieldError[] => {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  return [
    ...(addresses.length + notReadyAddresses.length === 0
      ? [required(field, 'must specify `addresses` or `notReadyAddresses`')]
      : []),
    ...eachOf(`${field}.addresses`, addresses, ({ ip }, at) => ipAddress(`${at}.ip`, ip)),
    ...eachOf(`${field}.notReadyAddresses`, notReadyAddresses, ({ ip }, at) => ipAddress(`${at}.ip`, ip)),
    ...eachOf(`${field}.ports`, ports, ({ name, port, protocol }, at) => [
      ...(name ? named(`${at}.name`, name, dnsLabel) : ports.length > 1 ? [required(`${at}.name`)] : []),
      ...portNumber(`${at}.port`, port ?? 0),
      ...oneOf(`${at}.protocol`, protocol, protocols),
    ]),
  ];
};

/** kubernetes pkg/apis/core/validation/validation.go ValidateEndpoints */
export const validateEndpoints = ({ subsets }: Endpoints): FieldError[] => eachOf('subsets', subsets, validateSubset);

/** kubernetes pkg/apis/discovery/validation/validation.go ValidateEndpointSlice */
export function validateEndpointSlice({ addressType, endpoints = [], ports = [] }: EndpointSlice): FieldError[] {
  return [
    ...(addressType ? oneOf('addressType', addressType, ['FQDN', 'IPv4', 'IPv6']) : [required('addressType')]),
    ...(endpoints.length > maxEndpoints ? [tooMany('endpoints', endpoints.length, maxEndpoints)] : []),
    ...(ports.length > maxPorts ? [tooMany('ports', ports.length, maxPorts)] : []),
    ...eachOf('endpoints', endpoints.slice(0, maxEndpoints), ({ addresses }, at) => [
      ...(addresses?.length ? [] : [required(`${at}.addresses`, 'must contain at least 1 address')]),
      ...((addresses?.length ?? 0) > maxAddresses
        ? [tooMany(`${at}.addresses`, addresses.length, maxAddresses)]
        : addressType === 'FQDN'
          ? []
          : eachOf(`${at}.addresses`, addresses, (ip, path) => ipAddress(path, ip))),
    ]),
    ...eachOf('ports', ports, ({ name, port, protocol }, at) => [
      ...(name ? named(`${at}.name`, name, portName) : []),
      ...portNumber(`${at}.port`, port),
      ...oneOf(`${at}.protocol`, protocol, protocols),
    ]),
    ...uniqueNames(ports, 'ports'),
  ];
}

export const keepsAddressType = (next: EndpointSlice, current: EndpointSlice): FieldError[] =>
  next.addressType === current.addressType ? [] : [invalidValue('addressType', next.addressType, 'field is immutable')];
