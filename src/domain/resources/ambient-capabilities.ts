import type { Container, PodSpec } from '../meta/types.ts';

/** Containers of a user other than root that add capabilities: engines differ in what that means. */
export const addsForUser = (spec: PodSpec, { securityContext: own }: Container): boolean => {
  const shared = spec.securityContext;
  const user = own?.runAsUser ?? shared?.runAsUser;
  const isUser = user === undefined ? (own?.runAsNonRoot ?? shared?.runAsNonRoot) === true : user !== 0;
  return isUser && (own?.capabilities?.add?.length ?? 0) > 0;
};
