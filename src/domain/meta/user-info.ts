/** Who asks, as authentication found it (apiserver pkg/authentication/user). */
export type UserInfo = { name: string; groups: readonly string[]; uid?: string };

/** k2d's own controllers: never refused, for they act on intent that was admitted before. */
export const systemUser: UserInfo = { name: 'system:k2d', groups: ['system:masters'] };
