import { describe, expect, it } from 'vitest';
import type { PodSpec, ServiceAccount } from '../meta/types.ts';
import { foreignAnnotation } from '../resources/foreign-pod.ts';
import { pods } from '../resources/pod.ts';
import { serviceAccounts } from '../resources/service-account.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { serviceAccount } from './service-account.ts';

const plugin = serviceAccount({ random: () => 0 });
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

async function admit(spec: Partial<PodSpec>, account?: Partial<ServiceAccount>, annotations = {}): Promise<PodSpec> {
  const lister = listerOf({
    definition: serviceAccounts,
    objects: account ? [{ metadata: { namespace: 'shop', name: 'default' }, ...account }] : [],
  });
  const pod = {
    metadata: { namespace: 'shop', name: 'p', annotations },
    spec: { containers: [{ name: 'a' }], ...spec },
  };
  const admitted = await plugin.mutate?.(clientRequest(pods, pod), lister);
  return ((admitted ?? pod) as { spec: PodSpec }).spec;
}

describe('serviceAccount', () => {
  it('gives a pod the default account and its token', async () => {
    const spec = await admit({ initContainers: [{ name: 'i' }] }, {});
    expect(spec.serviceAccountName).toBe('default');
    expect(spec.volumes).toEqual([
      {
        name: 'kube-api-access-bbbbb',
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
        },
      },
    ]);
    const mounts = [{ name: 'kube-api-access-bbbbb', readOnly: true, mountPath }];
    expect(spec.containers[0]?.volumeMounts).toEqual(mounts);
    expect(spec.initContainers?.[0]?.volumeMounts).toEqual(mounts);
  });

  it('mounts nothing over what a container mounts there itself', async () => {
    const own = { name: 'a', volumeMounts: [{ name: 'mine', mountPath }] };
    const spec = await admit({ containers: [own] }, {});
    expect(spec.containers).toEqual([own]);
    expect(spec.volumes).toBeUndefined();
  });

  it('uses the token volume that a pod brings along', async () => {
    const volumes = [{ name: 'kube-api-access-zzzzz', projected: {} }];
    const spec = await admit({ volumes }, {});
    expect(spec.volumes).toEqual(volumes);
    expect(spec.containers[0]?.volumeMounts?.[0]?.name).toBe('kube-api-access-zzzzz');
  });

  it.each([
    ['the pod', { automountServiceAccountToken: false }, {}],
    ['the account', {}, { automountServiceAccountToken: false }],
  ])('mounts no token where %s says so', async (_who, spec, account) =>
    expect((await admit(spec, account)).volumes).toBeUndefined(),
  );

  it('lets the pod overrule the account', async () =>
    expect(
      (await admit({ automountServiceAccountToken: true }, { automountServiceAccountToken: false })).volumes,
    ).toHaveLength(1));

  it('takes over pull secrets when the pod names none', async () => {
    const account = { imagePullSecrets: [{ name: 'registry' }] };
    expect((await admit({}, account)).imagePullSecrets).toEqual([{ name: 'registry' }]);
    expect((await admit({ imagePullSecrets: [{ name: 'own' }] }, account)).imagePullSecrets).toEqual([{ name: 'own' }]);
  });

  it('refuses an account that does not exist', async () =>
    expect(admit({ serviceAccountName: 'ghost' }, {})).rejects.toThrow(
      'pods "p" is forbidden: error looking up service account shop/ghost: serviceaccount "ghost" not found',
    ));

  it('waits for the default account of a new namespace', async () => {
    const present: ServiceAccount[] = [];
    const lister = listerOf({ definition: serviceAccounts, objects: present });
    const pod = { metadata: { namespace: 'shop', name: 'p' }, spec: { containers: [] } };
    const admitted = plugin.mutate?.(clientRequest(pods, pod), lister);
    present.push({ metadata: { namespace: 'shop', name: 'default' } });
    expect(await admitted).toMatchObject({ spec: { serviceAccountName: 'default' } });
  });

  it('leaves containers that somebody else made as they are', async () =>
    expect(await admit({}, undefined, { [foreignAnnotation]: 'abc' })).toEqual({ containers: [{ name: 'a' }] }));
});
