/** Rules for names (apimachinery pkg/util/validation/validation.go); each answers the texts of what is wrong. */
type NameRule = (name: string) => string[];

const rule =
  (pattern: RegExp, max: number, text: string): NameRule =>
  (name) => [
    ...(Buffer.byteLength(name) > max ? [`must be no more than ${max} bytes`] : []),
    ...(pattern.test(name) ? [] : [text]),
  ];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

export const dnsSubdomain = rule(
  new RegExp(String.raw`^${label}(\.${label})*$`),
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
);

/** All names of one domain at once (IsWildcardDNS1123Subdomain). */
export const wildcardSubdomain = rule(
  new RegExp(String.raw`^\*\.${label}(\.${label})*$`),
  253,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
);

export const dnsLabel = rule(
  new RegExp(`^${label}$`),
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
);

/** Names of Services, which become host names of their own. */
export const dns1035Label = rule(
  /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
);

/**
 * For kinds whose names are only path segments (RBAC). Kubernetes also takes control characters and broken Unicode; k2d keeps objects in
 * files, whose names cannot hold them.
 */
export const pathSegment: NameRule = (name) => [
  ...(name === '.' || name === '..' ? [`may not be '${name}'`] : []),
  ...['/', '%'].filter((c) => name.includes(c)).map((c) => `may not contain '${c}'`),
  ...(/\p{Cc}/u.test(name) || !name.isWellFormed() ? ['may not contain control characters'] : []),
  ...(Buffer.byteLength(name) > 253 ? ['must be no more than 253 bytes'] : []),
];

/** Names that several vendors choose without asking each other: `acme.io/foo` (IsDomainPrefixedPath). */
export const domainPrefixedPath: NameRule = (name) => {
  const [host = '', ...path] = name.split('/');
  if (host === '' || path.join('/') === '') return ['must be a domain-prefixed path (such as "acme.io/foo")'];
  return dnsSubdomain(host);
};

export const labelValue = rule(
  /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
);

const namePart = rule(
  /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  63,
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
);

/** Keys of labels and annotations: an optional DNS prefix, a slash, a name. */
export const qualifiedName: NameRule = (name) => {
  const parts = name.split('/');
  if (parts.length > 2) return ['a qualified name must consist of a name part with an optional DNS subdomain prefix'];
  const prefix = parts.length === 2 ? dnsSubdomain(parts[0]!).map((text) => `prefix part ${text}`) : [];
  return [...prefix, ...namePart(parts.at(-1)!)];
};

/** Keys of ConfigMaps and Secrets, which become file names. */
export const configKey: NameRule = (name) => [
  ...rule(
    /^[-._a-zA-Z0-9]+$/,
    253,
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  )(name),
  ...upwards(name),
];

/** Names of webhooks (IsFullyQualifiedName, which says all that is wrong with a part in one text). */
export const fullyQualifiedName: NameRule = (name) => {
  const errors = dnsSubdomain(name);
  if (errors.length > 0) return [errors.join(',')];
  return name.split('.').length < 3 ? ['should be a domain with at least three segments separated by dots'] : [];
};

const upwards: NameRule = (name) => {
  if (name === '.' || name === '..') return [`must not be '${name}'`];
  return name.startsWith('..') ? ["must not start with '..'"] : [];
};

/** Names of ports (RFC 6335, IsValidPortName). */
export const portName: NameRule = (name) => [
  ...rule(/^[-a-z0-9]*$/, 15, 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')(name),
  ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
  ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(name) ? ['must not begin or end with a hyphen'] : []),
];

/** Since Kubernetes 1.30 whatever an environment can hold (IsRelaxedEnvVarName). */
export const environmentName: NameRule = rule(
  /^[ -<>-~]+$/,
  Infinity,
  "a valid environment variable name must consist only of printable ASCII characters other than '='",
);

export const headerName: NameRule = rule(
  /^[-A-Za-z0-9]+$/,
  Infinity,
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
);

export type { NameRule };
