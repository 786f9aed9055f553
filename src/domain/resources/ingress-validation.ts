import { isIP } from 'node:net';
import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { dns1035Label, dnsSubdomain, portName, wildcardSubdomain } from '../meta/names.ts';
import type { Ingress, IngressBackend, IngressPath } from '../meta/types.ts';
import { validateTypedReference } from './typed-reference-validation.ts';
import { eachOf, given, givenName, named, portNumber } from './value-rules.ts';

/** What named the class before `spec.ingressClassName`; clients set either. */
export const ingressClassAnnotation = 'kubernetes.io/ingress.class';

const hiddenSteps = ['//', '/./', '/../', '%2f', '%2F'];
const hiddenEnds = ['/..', '/.'];

/** kubernetes pkg/apis/networking/validation/validation.go ValidateIngressSpec */
export function validateIngress(ingress: Ingress, current?: Ingress): FieldError[] {
  const { rules, defaultBackend, tls, ingressClassName } = ingress.spec ?? {};
  return [
    ...(rules?.length || defaultBackend
      ? []
      : [invalidValue('spec', rules ?? null, 'either `defaultBackend` or `rules` must be specified')]),
    ...(defaultBackend ? validateBackend(defaultBackend, 'spec.defaultBackend') : []),
    ...eachOf('spec.rules', rules, ({ host, http }, at) => [
      ...(host ? validateHost(`${at}.host`, host) : []),
      ...(http ? validatePaths(`${at}.http.paths`, http.paths) : []),
    ]),
    ...eachOf('spec.tls', tls, ({ hosts, secretName }, at) => [
      ...eachOf(`${at}.hosts`, hosts, (host, path) => named(path, host, subdomainRule(host))),
      ...(secretName ? named(`${at}.secretName`, secretName, dnsSubdomain) : []),
    ]),
    ...(ingressClassName ? named('spec.ingressClassName', ingressClassName, dnsSubdomain) : []),
    ...(current ? [] : classesAgree(ingress)),
  ];
}

const subdomainRule = (host: string) => (host.includes('*') ? wildcardSubdomain : dnsSubdomain);

const validateHost = (field: string, host: string): FieldError[] => [
  ...(isIP(host) === 0 ? [] : [invalidValue(field, host, 'must be a DNS name, not an IP address')]),
  ...named(field, host, subdomainRule(host)),
];

const validatePaths = (field: string, paths: readonly IngressPath[] | undefined): FieldError[] => [
  ...(paths?.length ? [] : [required(field)]),
  ...eachOf(field, paths, (path, at) =>
    path.pathType
      ? [...validatePath(path, at), ...validateBackend(path.backend ?? {}, `${at}.backend`)]
      : [required(`${at}.pathType`, 'pathType must be specified')],
  ),
];

function validatePath({ path = '', pathType }: IngressPath, at: string): FieldError[] {
  const refuse = (detail: string) => invalidValue(`${at}.path`, path, detail);
  const absolute = path.startsWith('/') ? [] : [refuse('must be an absolute path')];
  switch (pathType) {
    case 'Exact':
    case 'Prefix':
      return [
        ...absolute,
        ...hiddenSteps.filter((step) => path.includes(step)).map((step) => refuse(`must not contain '${step}'`)),
        ...hiddenEnds.filter((end) => path.endsWith(end)).map((end) => refuse(`cannot end with '${end}'`)),
      ];
    case 'ImplementationSpecific':
      return path === '' ? [] : absolute;
    default:
      return [notSupported(`${at}.pathType`, pathType, ['Exact', 'ImplementationSpecific', 'Prefix'])];
  }
}

function validateBackend({ resource, service }: IngressBackend, field: string): FieldError[] {
  const refuse = (detail: string) => [invalidValue(field, '', detail)];
  if (resource && service) return refuse('cannot set both resource and service backends');
  if (resource) return validateTypedReference(resource, `${field}.resource`);
  if (!service) return refuse('resource or service backend is required');
  const { name, number } = service.port ?? {};
  return [
    ...givenName(`${field}.service.name`, service.name, dns1035Label),
    ...(name && number ? refuse('cannot set both port name & port number') : []),
    ...(name && !number ? named(`${field}.service.port.name`, name, portName) : []),
    ...(number && !name ? portNumber(`${field}.service.port.number`, number) : []),
    ...(name || number ? [] : given(field, undefined, 'port name or number is required')),
  ];
}

/** Only of a new one: who has both has both for as long as somebody changes neither. */
function classesAgree({ metadata, spec }: Ingress): FieldError[] {
  const annotation = metadata?.annotations?.[ingressClassAnnotation];
  if (annotation === undefined || (spec?.ingressClassName ?? annotation) === annotation) return [];
  const detail = 'must match `ingressClassName` when both are specified';
  return [invalidValue(`annotations.${ingressClassAnnotation}`, annotation, detail)];
}
