/** Who asks, as authentication found it (apiserver pkg/authentication/user). */
export type UserInfo = {
  name: string;
  groups: readonly string[];
  uid?: string;
  /** What else the credential says, such as the pod a token is bound to. */
  extra?: Readonly<Record<string, readonly string[]>>;
};

/** Who may do everything, whatever roles and bindings say: nobody can lock an administrator out. */
export const privilegedGroup = 'system:masters';

/** k2d's own controllers: never refused, for they act on intent that was admitted before. */
export const systemUser: UserInfo = { name: 'system:k2d', groups: [privilegedGroup] };
