import { quantityMilli, quantityValue } from '../../meta/quantity.ts';
import type { ConfigMap, Container, EnvVar, Pod, Secret } from '../../meta/types.ts';
import { expandVariables } from './expand-variables.ts';
import { fieldValue } from './field-value.ts';

/** What a container's environment is made from; all of it at hand, so that resolving is pure. */
export type EnvironmentSources = {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  /** Service variables such as KUBERNETES_SERVICE_HOST. */
  services: Readonly<Record<string, string>>;
  podIp: string;
  hostIp: string;
  /** What limits default to (downward API): the whole node. */
  node: { cpuMillis: number; memoryBytes: number };
};

export type ResolvedEnvironment =
  | { kind: 'resolved'; env: Record<string, string> }
  /** The text that kubectl shows beside CreateContainerConfigError. */
  | { kind: 'missing'; message: string };

class Missing extends Error {}

/** Order and precedence as kubernetes pkg/kubelet/kubelet_pods.go makeEnvironmentVariables: services, envFrom, env. */
export function resolveEnvironment(pod: Pod, container: Container, sources: EnvironmentSources): ResolvedEnvironment {
  const env: Record<string, string> = { ...sources.services };
  try {
    for (const source of container.envFrom ?? []) Object.assign(env, fromSource(pod, source, sources));
    for (const variable of container.env ?? []) {
      const value = valueOf(pod, container, variable, env, sources);
      if (value !== undefined) env[variable.name] = value;
    }
    return { kind: 'resolved', env };
  } catch (error) {
    if (error instanceof Missing) return { kind: 'missing', message: error.message };
    throw error;
  }
}

type EnvFrom = NonNullable<Container['envFrom']>[number];

function fromSource(pod: Pod, source: EnvFrom, sources: EnvironmentSources): Record<string, string> {
  const prefixed = (data: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [`${source.prefix ?? ''}${key}`, value]));
  if (source.configMapRef) {
    const { name = '', optional } = source.configMapRef;
    const found = sources.configMap(name);
    if (!found && !optional) throw new Missing(`configmap "${name}" not found`);
    return prefixed(found?.data ?? {});
  }
  if (source.secretRef) {
    const { name = '', optional } = source.secretRef;
    const found = sources.secret(name);
    if (!found && !optional) throw new Missing(`secret "${name}" not found`);
    return prefixed(decodeAll(found?.data ?? {}));
  }
  return {};
}

function valueOf(
  pod: Pod,
  container: Container,
  variable: EnvVar,
  env: Readonly<Record<string, string>>,
  sources: EnvironmentSources,
): string | undefined {
  const from = variable.valueFrom;
  if (from?.configMapKeyRef) {
    const { name = '', key, optional } = from.configMapKeyRef;
    return needed(
      sources.configMap(name)?.data?.[key],
      'ConfigMap',
      'configmap',
      pod,
      { name, key, optional },
      !!sources.configMap(name),
    );
  }
  if (from?.secretKeyRef) {
    const { name = '', key, optional } = from.secretKeyRef;
    const value = sources.secret(name)?.data?.[key];
    return needed(
      value === undefined ? undefined : decode(value),
      'Secret',
      'secret',
      pod,
      { name, key, optional },
      !!sources.secret(name),
    );
  }
  if (from?.fieldRef) return fieldValue(pod, from.fieldRef.fieldPath, sources);
  if (from?.resourceFieldRef) return resourceValue(pod, container, from.resourceFieldRef, sources.node);
  return expandVariables(variable.value ?? '', env);
}

type KeyRef = { name: string; key: string; optional: boolean | undefined };

function needed(value: string | undefined, kind: string, resource: string, pod: Pod, ref: KeyRef, exists: boolean) {
  if (value !== undefined || ref.optional) return value;
  throw new Missing(
    exists
      ? `couldn't find key ${ref.key} in ${kind} ${pod.metadata?.namespace}/${ref.name}`
      : `${resource} "${ref.name}" not found`,
  );
}

type ResourceFieldRef = NonNullable<NonNullable<EnvVar['valueFrom']>['resourceFieldRef']>;

/** In units of the divisor, rounded up (kubernetes pkg/api/v1/resource ExtractContainerResourceValue). */
export function resourceValue(
  pod: Pod,
  container: Container,
  ref: ResourceFieldRef,
  node: EnvironmentSources['node'],
): string {
  const target = ref.containerName
    ? [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find((c) => c.name === ref.containerName)
    : container;
  const [list = '', resource = ''] = ref.resource.split('.');
  const given = target?.resources?.[list === 'limits' ? 'limits' : 'requests']?.[resource];
  const divisor = ref.divisor && ref.divisor !== '0' ? ref.divisor : '1';
  if (resource === 'cpu') {
    const millis = given === undefined ? (list === 'limits' ? node.cpuMillis : 0) : quantityMilli(given);
    return String(Math.ceil(millis / quantityMilli(divisor)));
  }
  const whole =
    given === undefined ? (list === 'limits' && resource === 'memory' ? node.memoryBytes : 0) : quantityValue(given);
  return String(Math.ceil(whole / quantityValue(divisor)));
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();

const decodeAll = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]));
