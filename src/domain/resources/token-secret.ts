import { metaOf } from '../meta/object-key.ts';
import type { Secret } from '../meta/types.ts';

/** A secret of this type holds a token of the service account that its annotation names (kubernetes pkg/apis/core/types.go). */
const tokenSecretType = 'kubernetes.io/service-account-token';
export const accountNameAnnotation = 'kubernetes.io/service-account.name';
export const accountUidAnnotation = 'kubernetes.io/service-account.uid';

/** The account that the secret is for; an empty uid is any of that name. Undefined for other secrets. */
export function accountOfTokenSecret(secret: Secret): { name: string; uid: string } | undefined {
  if (secret.type !== tokenSecretType) return undefined;
  const { annotations = {} } = metaOf(secret);
  return { name: annotations[accountNameAnnotation] ?? '', uid: annotations[accountUidAnnotation] ?? '' };
}
