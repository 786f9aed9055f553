import { forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { headerName } from '../meta/names.ts';
import type { Container } from '../meta/types.ts';
import { eachOf, given, named, nonNegative, oneOf, portNumberOrName, positive } from './value-rules.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type Handler = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;

const handlerNames = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;
type AnyHandler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<Handler, 'sleep'>;

/** kubernetes pkg/apis/core/validation/validation.go validateHandler */
function validateHandler(handler: AnyHandler, field: string): FieldError[] {
  const [first, ...more] = handlerNames.filter((name) => handler[name] !== undefined);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  return [
    ...(first === undefined ? [required(field, 'must specify a handler type')] : []),
    ...more.map((name) => forbiddenField(`${field}.${name}`, 'may not specify more than 1 handler type')),
    ...(exec && !exec.command?.length ? [required(`${field}.exec.command`)] : []),
    ...(httpGet ? validateHttpGet(httpGet, `${field}.httpGet`) : []),
    ...(tcpSocket ? portNumberOrName(`${field}.tcpSocket.port`, tcpSocket.port) : []),
    ...(grpc ? portNumberOrName(`${field}.grpc.port`, grpc.port) : []),
    ...(sleep ? nonNegative(`${field}.sleep.seconds`, sleep.seconds) : []),
  ];
}

const validateHttpGet = (httpGet: NonNullable<AnyHandler['httpGet']>, field: string): FieldError[] => [
  ...given(`${field}.path`, httpGet.path),
  ...portNumberOrName(`${field}.port`, httpGet.port),
  ...oneOf(`${field}.scheme`, httpGet.scheme, ['HTTP', 'HTTPS']),
  ...eachOf(`${field}.httpHeaders`, httpGet.httpHeaders, ({ name }, at) => named(at, name, headerName)),
];

const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

const validateProbe = (probe: Probe | undefined, field: string): FieldError[] =>
  probe
    ? [
        ...validateHandler(probe, field),
        ...counts.flatMap((name) => nonNegative(`${field}.${name}`, probe[name])),
        ...positive(`${field}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds),
      ]
    : [];

const succeedsAtOnce = (probe: Probe | undefined, field: string): FieldError[] =>
  probe && (probe.successThreshold ?? 1) !== 1
    ? [invalidValue(`${field}.successThreshold`, probe.successThreshold, 'must be 1')]
    : [];

const neverKills = (probe: Probe | undefined, field: string): FieldError[] =>
  probe?.terminationGracePeriodSeconds === undefined
    ? []
    : [
        invalidValue(
          `${field}.terminationGracePeriodSeconds`,
          probe.terminationGracePeriodSeconds,
          'must not be set for readinessProbes',
        ),
      ];

/** Probes and hooks of one container. */
export function validateProbes(container: Container, field: string): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return [
    ...(lifecycle?.postStart ? validateHandler(lifecycle.postStart, `${field}.lifecycle.postStart`) : []),
    ...(lifecycle?.preStop ? validateHandler(lifecycle.preStop, `${field}.lifecycle.preStop`) : []),
    ...validateProbe(livenessProbe, `${field}.livenessProbe`),
    ...succeedsAtOnce(livenessProbe, `${field}.livenessProbe`),
    ...validateProbe(readinessProbe, `${field}.readinessProbe`),
    ...neverKills(readinessProbe, `${field}.readinessProbe`),
    ...validateProbe(startupProbe, `${field}.startupProbe`),
    ...succeedsAtOnce(startupProbe, `${field}.startupProbe`),
  ];
}
