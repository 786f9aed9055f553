import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { CustomResourceDefinition } from '../meta/types.ts';

const annotation = 'api-approved.kubernetes.io';

export const isProtectedGroup = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group);

export type ApiApproval = { state: 'approved' | 'bypassed' | 'missing' | 'invalid'; reason: string };

/** Groups of the Kubernetes community are for APIs that it has looked at (KEP-1111, apiextensions-apiserver pkg/apihelpers). */
export function apiApproval(definition: CustomResourceDefinition): ApiApproval {
  const text = metaOf(definition).annotations?.[annotation] ?? '';
  if (text === '')
    return {
      state: 'missing',
      reason: `protected groups must have approval annotation "${annotation}", see https://github.com/kubernetes/enhancements/pull/1111`,
    };
  if (text.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${JSON.stringify(text)}` };
  return URL.canParse(text)
    ? { state: 'approved', reason: `approved in ${text}` }
    : {
        state: 'invalid',
        reason: `protected groups must have approval annotation "${annotation}" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`,
      };
}

/** A state that stays as it was is let through. */
export function validateApiApproval(next: CustomResourceDefinition, current?: CustomResourceDefinition): FieldError[] {
  if (!isProtectedGroup(next.spec.group)) return [];
  const { state, reason } = apiApproval(next);
  const field = `metadata.annotations[${annotation}]`;
  if (current !== undefined && apiApproval(current).state === state) return [];
  if (state === 'missing') return [required(field, reason)];
  return state === 'invalid' ? [invalidValue(field, metaOf(next).annotations?.[annotation], reason)] : [];
}
