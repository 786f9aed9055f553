import type { Deployment } from '../meta/types.ts';

/** How far a rollout may stray from `replicas`: never more pods than maxTotal, never fewer available ones than minAvailable. */
export type RolloutBounds = { replicas: number; maxTotal: number; minAvailable: number };

type IntOrPercent = number | string | undefined;

/** apimachinery pkg/util/intstr GetScaledValueFromIntOrPercent */
function scaled(value: IntOrPercent, total: number, round: (exact: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value ?? '');
  return percent ? round((Number(percent[1]) * total) / 100) : 0;
}

/** kubernetes pkg/controller/deployment/util/deployment_util.go ResolveFenceposts, MaxSurge, MaxUnavailable */
export function rolloutBounds({ spec }: Deployment): RolloutBounds {
  const replicas = spec?.replicas ?? 1;
  if (spec?.strategy?.type !== 'RollingUpdate') return { replicas, maxTotal: replicas, minAvailable: replicas };
  const surge = scaled(spec.strategy.rollingUpdate?.maxSurge, replicas, Math.ceil);
  const unavailable = scaled(spec.strategy.rollingUpdate?.maxUnavailable, replicas, Math.floor);
  // Both zero after rounding would never end, so one pod may be missing.
  const missing = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { replicas, maxTotal: replicas + surge, minAvailable: Math.max(0, replicas - missing) };
}
