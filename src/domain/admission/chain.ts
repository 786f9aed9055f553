import type { ObjectKey } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';

/** A read-only view of what is stored, so that admission never depends on the registry. */
export type Lister = {
  find<T extends KubernetesObject>(definition: ResourceDefinition<T>, key: ObjectKey): T | undefined;
  all<T extends KubernetesObject>(definition: ResourceDefinition<T>, namespace?: string): T[];
};

export type AdmissionRequest = {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  definition: ResourceDefinition;
  subresource?: string;
  key: ObjectKey;
  /** Undefined for DELETE. */
  object?: KubernetesObject;
  /** Undefined for CREATE. */
  oldObject?: KubernetesObject;
  user: UserInfo;
  dryRun: boolean;
  warn: (text: string) => void;
  /** Calls back once, when the write is stored or has failed: what a plugin holds for it is then free again. */
  whenSettled: (callback: () => void) => void;
};

/** One decision about writes (apiserver pkg/admission). Refusing is throwing a StatusError. */
export type AdmissionPlugin = {
  name: string;
  mutate?(
    request: AdmissionRequest,
    lister: Lister,
  ): KubernetesObject | undefined | Promise<KubernetesObject | undefined>;
  validate?(request: AdmissionRequest, lister: Lister): void | Promise<void>;
};

export type AdmissionChain = {
  /** The object as the plugins made it, in their order. */
  mutate(request: AdmissionRequest & { object: KubernetesObject }, lister: Lister): Promise<KubernetesObject>;
  validate(request: AdmissionRequest, lister: Lister): Promise<void>;
};

export const admissionChain = (plugins: readonly AdmissionPlugin[]): AdmissionChain => ({
  async mutate(request, lister) {
    let object = request.object;
    for (const plugin of plugins) object = (await plugin.mutate?.({ ...request, object }, lister)) ?? object;
    return object;
  },
  async validate(request, lister) {
    for (const plugin of plugins) await plugin.validate?.(request, lister);
  },
});
