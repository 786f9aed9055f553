import { duplicate, forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { validateLabels } from '../meta/label-validation.ts';
import { dnsSubdomain } from '../meta/names.ts';
import type { Service } from '../meta/types.ts';
import { validateServicePorts } from './service-port-validation.ts';
import { headless, needsClusterIp, type ServiceSpec } from './service-spec.ts';
import { between, eachOf, givenName, ipAddress, oneOf } from './value-rules.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];
const trafficPolicies = ['Cluster', 'Local'];
const oneDaySeconds = 86_400;

/** kubernetes pkg/apis/core/validation/validation.go ValidateService */
export function validateService({ spec }: Service): FieldError[] {
  if (!spec) return [];
  return [
    ...oneOf('spec.type', spec.type, types),
    ...validateServicePorts(spec),
    ...oneOf('spec.sessionAffinity', spec.sessionAffinity, affinities),
    ...between(
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
      spec.sessionAffinityConfig?.clientIP?.timeoutSeconds,
      1,
      oneDaySeconds,
    ),
    ...validateClusterIps(spec),
    ...validateLabels(spec.selector ?? {}, 'spec.selector'),
    ...eachOf('spec.externalIPs', spec.externalIPs, (ip, at) => ipAddress(at, ip)),
    ...oneOf('spec.internalTrafficPolicy', spec.internalTrafficPolicy, trafficPolicies),
    ...validateExternalPolicy(spec),
    ...(spec.type === 'ExternalName'
      ? givenName('spec.externalName', spec.externalName?.replace(/\.$/, ''), dnsSubdomain)
      : []),
  ];
}

/** ValidateServiceClusterIPsRelatedFields; which addresses there are, admission knows. */
function validateClusterIps(spec: ServiceSpec): FieldError[] {
  const list = spec.clusterIPs ?? [];
  if (!needsClusterIp(spec)) {
    return list.length > 0 || spec.clusterIP
      ? [forbiddenField('spec.clusterIPs', "may not be set when `type` is 'ExternalName'")]
      : [];
  }
  const isHeadless = list.includes(headless);
  return [
    ...(list[0] === (spec.clusterIP ?? list[0])
      ? []
      : [invalidValue('spec.clusterIPs', list, 'first value must match `clusterIP`')]),
    ...(isHeadless && spec.type !== 'ClusterIP'
      ? [invalidValue('spec.clusterIPs[0]', headless, `may not be set to 'None' for ${spec.type} services`)]
      : []),
    ...(isHeadless && list.length > 1
      ? [invalidValue('spec.clusterIPs', list, "'None' must be the first and only value")]
      : []),
    ...(isHeadless ? [] : eachOf('spec.clusterIPs', list, (ip, at) => ipAddress(at, ip))),
    ...(list.length > 1 && !isHeadless
      ? [invalidValue('spec.clusterIPs', list, 'may only hold one value, since this cluster has IPv4 only')]
      : []),
    ...oneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']),
    ...eachOf('spec.ipFamilies', spec.ipFamilies, (family, at) => oneOf(at, family, ['IPv4', 'IPv6'])),
    ...((spec.ipFamilies ?? []).length > 1 && spec.ipFamilies?.[0] === spec.ipFamilies?.[1]
      ? [duplicate('spec.ipFamilies[1]', spec.ipFamilies?.[1])]
      : []),
  ];
}

const isOutside = ({ type, externalIPs }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && (externalIPs ?? []).length > 0);

const validateExternalPolicy = (spec: ServiceSpec): FieldError[] =>
  spec.externalTrafficPolicy === undefined || isOutside(spec)
    ? oneOf('spec.externalTrafficPolicy', spec.externalTrafficPolicy, trafficPolicies)
    : [
        invalidValue(
          'spec.externalTrafficPolicy',
          spec.externalTrafficPolicy,
          'may only be set for externally-accessible services',
        ),
      ];

/** ValidateServiceUpdate: what clients have looked up stays right. */
export function validateServiceUpdate({ spec: next }: Service, { spec: current }: Service): FieldError[] {
  if (!next || !current || !needsClusterIp(next) || !needsClusterIp(current)) return [];
  const [after, before] = [next.clusterIPs?.[0], current.clusterIPs?.[0]];
  if (before === undefined || after === before) return [];
  return after === undefined
    ? [required('spec.clusterIPs[0]', 'may not be removed once set')]
    : [invalidValue('spec.clusterIPs[0]', after, 'may not change once set')];
}
