import type { PodSpec } from '../meta/types.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];

const seconds = 300;
const taints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

const tolerates = ({ key, effect }: Toleration, taint: string): boolean =>
  (!key || key === taint) && (!effect || effect === 'NoExecute');

/** How long a pod stays on a node that does not answer (kubernetes plugin/pkg/admission/defaulttolerationseconds). */
export const defaultTolerations = (): AdmissionPlugin => ({
  name: 'DefaultTolerationSeconds',
  mutate(request) {
    const pod = newPodOf(request);
    if (!pod) return undefined;
    const given = pod.spec.tolerations ?? [];
    const missing = taints
      .filter((taint) => !given.some((toleration) => tolerates(toleration, taint)))
      .map((key): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }));
    return { ...pod, spec: { ...pod.spec, tolerations: [...given, ...missing] } };
  },
});
