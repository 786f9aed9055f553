import type { PodSpec } from '../meta/types.ts';

/** kubernetes pkg/api/node/util.go deprecatedNodeLabels */
const deprecated: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** Labels of nodes that have newer names, and selectors that select nothing (kubernetes pkg/api/pod/warnings.go). */
export const nodeLabelWarnings = (spec: PodSpec, at: string): string[] => [
  ...Object.keys(spec.nodeSelector ?? {})
    .filter((key) => Object.hasOwn(deprecated, key))
    .map((key) => `${at}spec.nodeSelector[${key}]: ${deprecated[key]}`),
  ...termsOf(spec, at).flatMap(({ keys, place }) =>
    keys.flatMap((key, index) =>
      Object.hasOwn(deprecated, key) ? [`${place}.matchExpressions[${index}].key: ${key} is ${deprecated[key]}`] : [],
    ),
  ),
  ...spreadWarnings(spec, `${at}spec.topologySpreadConstraints`),
];

function termsOf({ affinity }: PodSpec, at: string): { keys: string[]; place: string }[] {
  const path = `${at}spec.affinity.nodeAffinity`;
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution } =
    affinity?.nodeAffinity ?? {};
  const terms = [
    ...(required?.nodeSelectorTerms ?? []).map((term, index) => ({
      term,
      place: `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`,
    })),
    ...(preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ preference }, index) => ({
      term: preference,
      place: `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`,
    })),
  ];
  return terms.map(({ term, place }) => ({ keys: (term?.matchExpressions ?? []).map(({ key }) => key ?? ''), place }));
}

const spreadWarnings = ({ topologySpreadConstraints }: PodSpec, path: string): string[] =>
  (topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, index) => [
    ...(Object.hasOwn(deprecated, topologyKey)
      ? [`${path}[${index}].topologyKey: ${topologyKey} is ${deprecated[topologyKey]}`]
      : []),
    ...(labelSelector ? [] : [`${path}[${index}].labelSelector: a null labelSelector results in matching no pod`]),
  ]);
