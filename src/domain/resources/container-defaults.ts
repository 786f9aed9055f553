import type { Container, EnvVar } from '../meta/types.ts';
import { defaultFieldRef } from './field-ref-defaults.ts';
import { defaultPullPolicy } from './default-pull-policy.ts';
import { withDefaults } from './with-defaults.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type Lifecycle = NonNullable<Container['lifecycle']>;
type Handler = NonNullable<Lifecycle['postStart']>;
type Resources = NonNullable<Container['resources']>;

const defaultHttpGet = <T extends Pick<Probe, 'httpGet'>>(handler: T): T =>
  handler.httpGet ? { ...handler, httpGet: withDefaults(handler.httpGet, { path: '/', scheme: 'HTTP' }) } : handler;

/** A zero is an open field here: Go's Probe holds plain numbers. */
const defaultProbe = (probe: Probe): Probe => ({
  ...defaultHttpGet(probe),
  ...(probe.grpc ? { grpc: { ...probe.grpc, service: probe.grpc.service ?? '' } } : {}),
  timeoutSeconds: probe.timeoutSeconds || 1,
  periodSeconds: probe.periodSeconds || 10,
  successThreshold: probe.successThreshold || 1,
  failureThreshold: probe.failureThreshold || 3,
});

const defaultLifecycle = ({ postStart, preStop, ...rest }: Lifecycle): Lifecycle => ({
  ...rest,
  ...(postStart ? { postStart: defaultHttpGet<Handler>(postStart) } : {}),
  ...(preStop ? { preStop: defaultHttpGet<Handler>(preStop) } : {}),
});

const defaultEnv = (env: EnvVar): EnvVar =>
  env.valueFrom?.fieldRef
    ? { ...env, valueFrom: { ...env.valueFrom, fieldRef: defaultFieldRef(env.valueFrom.fieldRef) } }
    : env;

/** What is limited and not requested is requested up to its limit (SetDefaults_Pod). */
const defaultRequests = (resources: Resources | undefined): Resources =>
  resources?.limits ? { ...resources, requests: { ...resources.limits, ...resources.requests } } : (resources ?? {});

/** kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Container and those of its parts. */
export const defaultContainer = (container: Container): Container => ({
  ...withDefaults(container, {
    imagePullPolicy: defaultPullPolicy(container.image ?? ''),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }),
  resources: container.resources ?? {},
  ...(container.ports ? { ports: container.ports.map((port) => withDefaults(port, { protocol: 'TCP' })) } : {}),
  ...(container.env ? { env: container.env.map(defaultEnv) } : {}),
  ...(container.livenessProbe ? { livenessProbe: defaultProbe(container.livenessProbe) } : {}),
  ...(container.readinessProbe ? { readinessProbe: defaultProbe(container.readinessProbe) } : {}),
  ...(container.startupProbe ? { startupProbe: defaultProbe(container.startupProbe) } : {}),
  ...(container.lifecycle ? { lifecycle: defaultLifecycle(container.lifecycle) } : {}),
});

export const requestWhatIsLimited = (container: Container): Container => ({
  ...container,
  resources: defaultRequests(container.resources),
});
