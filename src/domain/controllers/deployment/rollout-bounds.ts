import type { Deployment } from '../../meta/types.ts';
import { scaledIntOrPercent } from '../../resources/int-or-percent.ts';

/** How far a rollout may stray from `replicas`: never more pods than maxTotal, never fewer available ones than minAvailable. */
export type RolloutBounds = { replicas: number; maxTotal: number; minAvailable: number };

/** kubernetes pkg/controller/deployment/util/deployment_util.go ResolveFenceposts, MaxSurge, MaxUnavailable */
export function rolloutBounds({ spec }: Deployment): RolloutBounds {
  const replicas = spec?.replicas ?? 1;
  if (spec?.strategy?.type !== 'RollingUpdate') return { replicas, maxTotal: replicas, minAvailable: replicas };
  const surge = scaledIntOrPercent(spec.strategy.rollingUpdate?.maxSurge, replicas, Math.ceil);
  const unavailable = scaledIntOrPercent(spec.strategy.rollingUpdate?.maxUnavailable, replicas, Math.floor);
  // Both zero after rounding would never end, so one pod may be missing.
  const missing = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { replicas, maxTotal: replicas + surge, minAvailable: Math.max(0, replicas - missing) };
}
