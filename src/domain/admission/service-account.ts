import { setTimeout } from 'node:timers/promises';
import type { ObjectKey } from '../meta/object-key.ts';
import { generateName } from '../meta/random-name.ts';
import { forbidden } from '../meta/status-error.ts';
import type { ServiceAccount } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { groupResource } from '../resources/resource-definition.ts';
import { serviceAccounts } from '../resources/service-account.ts';
import type { AdmissionPlugin, Lister } from './chain.ts';
import { newPodOf, type NewPod } from './pod-creation.ts';
import { mountToken } from './token-volume.ts';

const defaultAccount = 'default';

/** Every pod has an account, its token and its pull secrets (kubernetes plugin/pkg/admission/serviceaccount). */
export const serviceAccount = ({ random }: { random: () => number }): AdmissionPlugin => ({
  name: 'ServiceAccount',
  async mutate(request, lister) {
    const pod = newPodOf(request);
    if (!pod) return undefined;
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount || defaultAccount;
    const account = await findAccount(lister, { namespace: request.key.namespace, name });
    if (!account) {
      throw forbidden(
        groupResource(pods),
        request.key.name,
        `error looking up service account ${request.key.namespace}/${name}: serviceaccount "${name}" not found`,
      );
    }
    const mounted = automounts(pod, account)
      ? mountToken(pod.spec, generateName('kube-api-access-', random))
      : pod.spec;
    const pullSecrets = mounted.imagePullSecrets?.length ? mounted.imagePullSecrets : account.imagePullSecrets;
    return {
      ...pod,
      spec: { ...mounted, serviceAccountName: name, ...(pullSecrets ? { imagePullSecrets: pullSecrets } : {}) },
    };
  },
});

const automounts = ({ spec }: NewPod, account: ServiceAccount): boolean =>
  spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;

const attempts = 40;
const intervalMilliseconds = 50;

/** A controller makes the default account a moment after its namespace: manifests with both must not lose that race. */
async function findAccount(lister: Lister, key: ObjectKey): Promise<ServiceAccount | undefined> {
  for (let attempt = 1; ; attempt++) {
    const account = lister.find(serviceAccounts, key);
    if (account || key.name !== defaultAccount || attempt === attempts) return account;
    await setTimeout(intervalMilliseconds);
  }
}
