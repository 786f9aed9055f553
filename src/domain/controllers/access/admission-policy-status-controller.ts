import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Registry } from '../../registry/registry.ts';
import { validatingAdmissionPolicies } from '../../resources/validating-admission-policy.ts';
import { runController, source } from '../controller.ts';

export type AdmissionPolicyStatusControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

/**
 * Says that a policy was looked at (kubernetes pkg/controller/validatingadmissionpolicystatus). Its expressions were checked when it was
 * written; what the objects of the matched kinds have is not compared with them, so there are never warnings.
 */
export const startAdmissionPolicyStatusController = ({
  registry,
  logger,
  signal,
}: AdmissionPolicyStatusControllerOptions): Promise<void> =>
  runController({
    name: 'validatingadmissionpolicy-status-controller',
    registry,
    logger,
    sources: [source(validatingAdmissionPolicies, ({ object }) => [metaOf(object).name ?? ''])],
    reconcile: (name) => observe(registry, name),
    signal,
    concurrency: 1,
  });

async function observe(registry: Registry, name: string): Promise<void> {
  try {
    await registry.update(
      validatingAdmissionPolicies,
      { namespace: '', name },
      (policy) => ({
        ...policy,
        status: { ...policy.status, observedGeneration: metaOf(policy).generation ?? 0, typeChecking: {} },
      }),
      { subresource: 'status' },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
