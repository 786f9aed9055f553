import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dnsSubdomain } from '../meta/names.ts';
import type { WebhookClientConfig } from '../meta/types.ts';
import { given } from './value-rules.ts';

type ServiceReference = NonNullable<WebhookClientConfig['service']>;

/** Where a webhook is: at a URL or behind a Service (apiserver pkg/util/webhook/validation.go). */
export function validateWebhookClientConfig({ url, service }: WebhookClientConfig, field: string): FieldError[] {
  if ((url === undefined) === (service === undefined)) {
    return [required(field, 'exactly one of url or service is required')];
  }
  return url === undefined ? validateService(service!, `${field}.service`) : validateUrl(url, `${field}.url`);
}

const form = '; desired format: https://host[/path]';

/** As net/url divides: WHATWG's parser would mend what Kubernetes refuses. A password is nobody's business. */
const urlParts =
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?(?:\/\/(?:(?<user>[^/?#:@]*)(?::[^/?#]*)?@)?(?<host>[^/?#@]*))?[^?#]*(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/is;

function validateUrl(url: string, field: string): FieldError[] {
  const { scheme = '', user, host = '', query = '', fragment = '' } = urlParts.exec(url)?.groups ?? {};
  const errors = [
    ...(scheme.toLowerCase() === 'https'
      ? []
      : [invalidValue(field, scheme, `'https' is the only allowed URL scheme${form}`)]),
    ...(host === '' ? [invalidValue(field, host, `host must be provided${form}`)] : []),
    ...(user === undefined ? [] : [invalidValue(field, user, 'user information is not permitted in the URL')]),
    ...(fragment === '' ? [] : [invalidValue(field, fragment, 'fragments are not permitted in the URL')]),
    ...(query === '' ? [] : [invalidValue(field, query, 'query parameters are not permitted in the URL')]),
  ];
  return errors.length > 0 || URL.canParse(url) ? errors : [required(field, `url must be a valid URL${form}`)];
}

const validateService = ({ name, namespace, port, path }: ServiceReference, field: string): FieldError[] => [
  ...given(`${field}.name`, name, 'service name is required'),
  ...given(`${field}.namespace`, namespace, 'service namespace is required'),
  ...(port !== undefined && (port < 1 || port > 65_535)
    ? [invalidValue(`${field}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive')]
    : []),
  ...validatePath(path ?? '', `${field}.path`),
];

function validatePath(path: string, field: string): FieldError[] {
  if (path === '' || path === '/') return [];
  if (path === '//') return [invalidValue(field, path, 'segment[0] may not be empty')];
  const segments = path.slice(1).replace(/\/$/, '').split('/');
  return [
    ...(path.startsWith('/') ? [] : [invalidValue(field, path, "must start with a '/'")]),
    ...segments.flatMap((segment, index) =>
      segment === ''
        ? [invalidValue(field, path, `segment[${index}] may not be empty`)]
        : dnsSubdomain(segment).map((text) => invalidValue(field, path, `segment[${index}]: ${text}`)),
    ),
  ];
}
