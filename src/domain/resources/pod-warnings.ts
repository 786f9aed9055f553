import { parseMilli } from '../meta/quantity.ts';
import { amountText } from '../meta/resource-list.ts';
import type { ObjectMeta, PodSpec } from '../meta/types.ts';
import { containersOf } from './containers-of.ts';
import { nodeLabelWarnings } from './node-label-warnings.ts';
import { podPortWarnings } from './pod-port-warnings.ts';
import { warnOfPodFields } from './unsupported-pod-fields.ts';

type Podlike = { metadata?: ObjectMeta; spec?: PodSpec };
type Check = (spec: PodSpec, at: string, annotations: Annotations) => string[];
type Annotations = Readonly<Record<string, string>>;

/** More than anybody reads. */
const mostWarnings = 50;

/**
 * What the author of a pod, or of a template at this path, should know: what Kubernetes warns of (kubernetes pkg/api/pod/warnings.go), and
 * what k2d does not act on.
 */
export function podWarnings({ metadata, spec }: Podlike, path = ''): string[] {
  if (spec === undefined) return [];
  const at = path === '' ? '' : `${path}.`;
  const warnings = checks.flatMap((check) => check(spec, at, metadata?.annotations ?? {}));
  return [...warnings.slice(0, mostWarnings), ...warnOfPodFields(spec, `${at}spec`)];
}

const deprecatedAnnotations: Annotations = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const ofAnnotations: Check = (spec, at, annotations) => {
  const { seccompProfile } = spec.securityContext ?? {};
  const instead = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  const known = {
    ...deprecatedAnnotations,
    ...(seccompProfile ? {} : { 'seccomp.security.alpha.kubernetes.io/pod': instead }),
    ...Object.fromEntries(
      containersOf(spec, at)
        .filter(({ container }) => !container.securityContext?.seccompProfile)
        .map(({ container }) => [`container.seccomp.security.alpha.kubernetes.io/${container.name}`, instead]),
    ),
  };
  return Object.entries(known)
    .filter(([key]) => Object.hasOwn(annotations, key))
    .map(([key, text]) => `${at}metadata.annotations[${key}]: ${text}`);
};

const deprecatedVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

const ofVolumes: Check = ({ volumes }, at) =>
  (volumes ?? []).flatMap((volume, index) =>
    Object.keys(volume)
      .filter((kind) => Object.hasOwn(deprecatedVolumes, kind))
      .map((kind) => `${at}spec.volumes[${index}].${kind}: ${deprecatedVolumes[kind]}`),
  );

/** The places of elements that say what an earlier one says already. */
function repeated<T>(list: readonly T[] | undefined, keyOf: (element: T) => string | undefined): [number, string][] {
  const seen = new Set<string>();
  return (list ?? []).flatMap((element, index): [number, string][] => {
    const key = keyOf(element) ?? '';
    if (seen.has(key)) return [[index, key]];
    seen.add(key);
    return [];
  });
}

const ofLists: Check = ({ hostAliases, imagePullSecrets }, at) => [
  ...repeated(hostAliases, ({ ip }) => ip).map(
    ([index, ip]) => `${at}spec.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`,
  ),
  ...repeated(imagePullSecrets, ({ name }) => name).map(
    ([index, name]) => `${at}spec.imagePullSecrets[${index}].name: duplicate name ${JSON.stringify(name)}`,
  ),
  ...(imagePullSecrets ?? []).flatMap(({ name }, index) =>
    name ? [] : [`${at}spec.imagePullSecrets[${index}].name: invalid empty name ""`],
  ),
];

/** A byte is not divided. */
const ofAmounts: Check = (spec, at) =>
  containersOf(spec, at).flatMap(({ container: { resources }, place }) =>
    ['memory', 'ephemeral-storage'].flatMap((name) =>
      (['limits', 'requests'] as const).flatMap((side) => {
        const amount = amountText(resources?.[side], name);
        if (amount === undefined || (parseMilli(amount) ?? 0n) % 1000n === 0n) return [];
        return [
          `${place}.resources.${side}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
        ];
      }),
    ),
  );

/** A second variable of a name may build on the first, by its reference; else it hides it. */
const ofVariables: Check = (spec, at) =>
  containersOf(spec, at).flatMap(({ container: { env = [] }, place }) =>
    repeated(env, ({ name }) => name).flatMap(([index, name]) => {
      const { value = '', valueFrom } = env[index]!;
      const reference = `$(${name})`;
      if (!valueFrom && value !== reference && value.includes(reference)) return [];
      return [
        `${place}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      ];
    }),
  );

const ofGrace: Check = ({ terminationGracePeriodSeconds: seconds }, at) =>
  (seconds ?? 0) < 0
    ? [`${at}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
    : [];

const checks: readonly Check[] = [
  nodeLabelWarnings,
  ofAnnotations,
  ofVolumes,
  ofLists,
  ofAmounts,
  ofVariables,
  podPortWarnings,
  ofGrace,
];
