import type { ObjectKey } from '../../domain/meta/object-key.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import type { Registry } from '../../domain/registry/registry.ts';
import { pods } from '../../domain/resources/pod.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { secrets } from '../../domain/resources/secret.ts';
import { serviceAccounts } from '../../domain/resources/service-account.ts';

/** Whether what a token is bound to still exists with this uid. */
export type TokenBindings = {
  serviceAccountExists(key: ObjectKey, uid: string): boolean;
  podExists(key: ObjectKey, uid: string): boolean;
  secretExists(key: ObjectKey, uid: string): boolean;
  /** The token that a secret holds; undefined when there is no such secret, or none in it. */
  secretToken(key: ObjectKey): string | undefined;
};

/** As it is stored now. */
export function tokenBindings(registry: Registry): TokenBindings {
  const exists =
    <T extends KubernetesObject>(definition: ResourceDefinition<T>) =>
    (key: ObjectKey, uid: string): boolean =>
      metaOf(registry.find(definition, key) ?? {}).uid === uid;
  return {
    serviceAccountExists: exists(serviceAccounts),
    podExists: exists(pods),
    secretExists: exists(secrets),
    secretToken: (key) => {
      const token = registry.find(secrets, key)?.data?.['token'];
      return token === undefined ? undefined : Buffer.from(token, 'base64').toString();
    },
  };
}
