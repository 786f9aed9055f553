import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dnsSubdomain } from '../meta/names.ts';
import type { PodSpec } from '../meta/types.ts';
import { eachOf, ipAddress, named, oneOf } from './value-rules.ts';

const policies = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'];
const maxNameservers = 3;
const maxSearches = 32;
const maxSearchCharacters = 2048;

/** kubernetes pkg/apis/core/validation/validation.go validateDNSPolicy, validatePodDNSConfig */
export function validateDns({ dnsPolicy, dnsConfig }: PodSpec, field: string): FieldError[] {
  const at = `${field}.dnsConfig`;
  const { nameservers = [], searches = [], options } = dnsConfig ?? {};
  return [
    ...oneOf(`${field}.dnsPolicy`, dnsPolicy, policies),
    ...(dnsPolicy === 'None' && dnsConfig === undefined
      ? [required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')]
      : []),
    ...(dnsPolicy === 'None' && dnsConfig !== undefined && nameservers.length === 0
      ? [required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
      : []),
    ...(nameservers.length > maxNameservers
      ? [invalidValue(`${at}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`)]
      : []),
    ...eachOf(`${at}.nameservers`, nameservers, (server, path) => ipAddress(path, server)),
    ...(searches.length > maxSearches
      ? [invalidValue(`${at}.searches`, searches, `must not have more than ${maxSearches} search paths`)]
      : []),
    ...(searches.join(' ').length > maxSearchCharacters
      ? [
          invalidValue(
            `${at}.searches`,
            searches,
            `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`,
          ),
        ]
      : []),
    ...eachOf(`${at}.searches`, searches, (search, path) =>
      search === '.' ? [] : named(path, search.replace(/\.$/, ''), dnsSubdomain),
    ),
    ...eachOf(`${at}.options`, options, ({ name }, path) => (name ? [] : [required(path, 'must not be empty')])),
  ];
}
