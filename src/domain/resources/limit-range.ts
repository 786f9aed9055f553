import type { LimitRange, LimitRangeItem } from '../meta/types.ts';
import { validateLimitRange } from './limit-range-validation.ts';
import { createdAtColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';

/** What is bounded has defaults within its bounds (kubernetes pkg/apis/core/v1/defaults.go SetDefaults_LimitRangeItem). */
const defaultLimit = (limit: LimitRangeItem): LimitRangeItem => {
  if (limit.type !== 'Container') return limit;
  const limits = { ...limit.max, ...limit.default };
  const requests = { ...limit.min, ...limits, ...limit.defaultRequest };
  return {
    ...limit,
    ...(Object.keys(limits).length === 0 ? {} : { default: limits }),
    ...(Object.keys(requests).length === 0 ? {} : { defaultRequest: requests }),
  };
};

/** kubernetes pkg/registry/core/limitrange/strategy.go */
export const limitRanges = defineResource<LimitRange>({
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  scope: 'Namespaced',
  default: (object) => ({ ...object, spec: { limits: (object.spec?.limits ?? []).map(defaultLimit) } }),
  validate: validateLimitRange,
  columns: [nameColumn, createdAtColumn],
});
