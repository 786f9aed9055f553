import type { HorizontalPodAutoscaler } from '../../meta/types.ts';
import { scaleDownRules, scaleUpRules } from '../../resources/scaling-rules.ts';
import { metricProposal, type MetricStatus, type Situation } from './metric-proposal.ts';
import { limited, stabilized, withRecommendation, type ScalingHistory } from './scaling-limits.ts';

export type Verdict = {
  type: 'ScalingActive' | 'AbleToScale' | 'ScalingLimited';
  status: 'True' | 'False';
  reason: string;
  message: string;
};

export type Decision = {
  replicas: number;
  /** Why, in the words of the event that tells of a change. */
  because: string;
  /** Undefined keeps those of before. */
  metrics: MetricStatus[] | undefined;
  verdicts: Verdict[];
  /** Which metrics say nothing, if that keeps it from deciding (horizontal.go computeReplicasForMetrics). */
  invalid?: string;
  history: ScalingHistory;
};

const usualTolerance = 0.1;

/** What the autoscaler wants now (kubernetes pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler). Pure. */
export function decide(
  autoscaler: HorizontalPodAutoscaler,
  situation: Omit<Situation, 'tolerance'>,
  history: ScalingHistory,
): Decision {
  const { minReplicas: min = 1, maxReplicas: max } = autoscaler.spec!;
  const { currentReplicas: current } = situation;
  const plain = (replicas: number, because: string, verdicts: Verdict[]): Decision => ({
    replicas,
    because,
    metrics: undefined,
    verdicts,
    history,
  });
  if (current === 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    return plain(0, '', [able, { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message }]);
  }
  if (current > max) return plain(max, 'Current number of replicas above Spec.MaxReplicas', [able]);
  if (current < min) return plain(min, 'Current number of replicas below Spec.MinReplicas', [able]);
  return byMetrics(autoscaler, situation, history, { min, max });
}

const able: Verdict = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
};

function byMetrics(
  { spec }: HorizontalPodAutoscaler,
  situation: Omit<Situation, 'tolerance'>,
  history: ScalingHistory,
  bounds: { min: number; max: number },
): Decision {
  const { currentReplicas: current } = situation;
  const now = situation.now.getTime();
  const rules = { up: scaleUpRules(spec?.behavior?.scaleUp), down: scaleDownRules(spec?.behavior?.scaleDown) };
  const tolerance = {
    up: Number(rules.up.tolerance ?? usualTolerance),
    down: Number(rules.down.tolerance ?? usualTolerance),
  };
  const proposals = (spec?.metrics ?? []).map((metric) => metricProposal(metric, { ...situation, tolerance }));
  const known = proposals.filter((proposal) => proposal.kind === 'replicas');
  const failed = proposals.find((proposal) => proposal.kind === 'unknown');
  const highest = known.toSorted((a, b) => b.replicas - a.replicas)[0];
  const metrics = known.map(({ status }) => status);
  // What is not known could ask for more, so nobody shrinks on it.
  if (!highest || (failed && highest.replicas < current)) {
    const { reason = 'FailedGetMetrics', message = 'no metrics' } = failed ?? {};
    const text = `the HPA was unable to compute the replica count: ${message}`;
    const verdict: Verdict = { type: 'ScalingActive', status: 'False', reason, message: text };
    const count = proposals.length - known.length;
    const invalid = `invalid metrics (${count} invalid out of ${proposals.length}), first error is: ${message}`;
    return { replicas: current, because: '', metrics, verdicts: [able, verdict], invalid, history };
  }
  const begun = history.recommendations.length > 0 ? history : withRecommendation(history, now, current);
  const steady = stabilized(highest.replicas, current, begun, rules, now);
  const { replicas, reason, message } = limited(steady, current, begun, rules, bounds, now);
  return {
    replicas,
    because: replicas > current ? `${highest.name} above target` : 'All metrics below target',
    metrics,
    verdicts: [
      steadiness(steady, highest.replicas),
      {
        type: 'ScalingActive',
        status: 'True',
        reason: 'ValidMetricFound',
        message: `the HPA was able to successfully calculate a replica count from ${highest.name}`,
      },
      { type: 'ScalingLimited', status: replicas === steady ? 'False' : 'True', reason, message },
    ],
    history: withRecommendation(begun, now, highest.replicas),
  };
}

function steadiness(steady: number, desired: number): Verdict {
  const verdict = (reason: string, message: string): Verdict => ({
    type: 'AbleToScale',
    status: 'True',
    reason,
    message,
  });
  if (steady === desired) return verdict('ReadyForNewScale', 'recommended size matches current size');
  return steady > desired
    ? verdict(
        'ScaleDownStabilized',
        'recent recommendations were higher than current one, applying the highest recent recommendation',
      )
    : verdict(
        'ScaleUpStabilized',
        'recent recommendations were lower than current one, applying the lowest recent recommendation',
      );
}
