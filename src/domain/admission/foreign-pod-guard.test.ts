import { describe, expect, it } from 'vitest';
import type { CronJob, Deployment, Pod } from '../meta/types.ts';
import { systemUser } from '../meta/user-info.ts';
import { cronJobs } from '../resources/cron-job.ts';
import { deployments } from '../resources/deployment.ts';
import { foreignAnnotation } from '../resources/foreign-pod.ts';
import { clusterRoles } from '../resources/cluster-role.ts';
import { pods } from '../resources/pod.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { roleBindings } from '../resources/role-binding.ts';
import { clientRequest } from './client-request.ts';
import { foreignPodGuard } from './foreign-pod-guard.ts';
import { listerOf } from './lister-of.ts';

const admit = (request: ReturnType<typeof clientRequest>) => foreignPodGuard().mutate?.(request, listerOf());

const plain: Pod = { metadata: { namespace: 'default', name: 'p' } };
const foreign: Pod = { metadata: { ...plain.metadata, annotations: { [foreignAnnotation]: 'abc' } } };
const refusal = 'pods "p" is forbidden: the annotation k2d.io/foreign is set by k2d only';

describe('foreignPodGuard', () => {
  it.each([
    ['create', foreign, undefined],
    ['mark', foreign, plain],
    ['unmark', plain, foreign],
    ['remark', { metadata: { ...foreign.metadata, annotations: { [foreignAnnotation]: 'x' } } }, foreign],
  ])('does not let clients %s such pods', (_verb, next, current) =>
    expect(() => admit(clientRequest(pods, next, current))).toThrow(refusal),
  );

  it('does not let clients mark the pods of a template', () => {
    const template = { metadata: { annotations: { [foreignAnnotation]: 'abc' } }, spec: { containers: [] } };
    const deployment: Deployment = { metadata: { name: 'd', namespace: 'default' }, spec: { selector: {}, template } };
    expect(() => admit(clientRequest(deployments, deployment))).toThrow('deployments.apps "d" is forbidden');
  });

  it('does not let clients mark the pods that a CronJob will make', () => {
    const template = { metadata: { annotations: { [foreignAnnotation]: 'abc' } }, spec: { containers: [] } };
    const spec = { schedule: '@daily', jobTemplate: { spec: { template } } };
    const cronJob: CronJob = { metadata: { name: 'c', namespace: 'default' }, spec };
    expect(() => admit(clientRequest(cronJobs, cronJob))).toThrow('cronjobs.batch "c" is forbidden');
  });

  it('lets clients write everything else', () => {
    const labelled = { metadata: { ...foreign.metadata, labels: { a: 'b' } } };
    expect(() => admit(clientRequest(pods, plain))).not.toThrow();
    expect(() => admit(clientRequest(pods, labelled, foreign))).not.toThrow();
  });

  it.each(['k2d.io/adopted', 'k2d.io/adopting'])(
    'lets no client say with %s which containers are whose',
    (annotation) => {
      const marked = { metadata: { ...plain.metadata, annotations: { [annotation]: '{}' } } };
      expect(() => admit(clientRequest(pods, marked))).toThrow(`the annotation ${annotation} is set by k2d only`);
    },
  );

  describe('adoption', () => {
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    const secretEnv = [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }];
    const shown: Pod = { ...foreign, spec };
    const wanted = (pod: Pod): Pod => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: { ...pod.metadata?.annotations, 'k2d.io/adopt': 'true' } },
    });
    const role = (resources: string[]) => ({
      metadata: { name: 'r' },
      rules: [{ verbs: ['create'], apiGroups: ['', 'apps'], resources }],
    });
    const binding = {
      metadata: { name: 'b', namespace: 'default' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'User', name: 'kubernetes-admin' }],
    };
    const ask = (pod: Pod, before: Pod, ...resources: string[]) =>
      foreignPodGuard().validate?.(
        clientRequest(pods, pod, before),
        listerOf(
          { definition: clusterRoles as ResourceDefinition, objects: [role(resources)] },
          { definition: roleBindings as ResourceDefinition, objects: [binding] },
        ),
      );

    it('is for those who may create Deployments', () => {
      expect(() => ask(wanted(shown), shown)).toThrow('would have to be allowed to create deployments');
      expect(() => ask(wanted(shown), shown, 'deployments')).not.toThrow();
    });

    it('and Secrets, if some are needed', () => {
      const secret: Pod = { ...foreign, spec: { containers: [{ name: 'c', image: 'i', env: secretEnv }] } };
      expect(() => ask(wanted(secret), secret, 'deployments')).toThrow('allowed to create secrets');
      expect(() => ask(wanted(secret), secret, 'deployments', 'secrets')).not.toThrow();
    });

    it('is the only way to change what such a pod runs', () => {
      const changed = { ...shown, spec: { containers: [{ name: 'c', image: 'other' }] } };
      expect(() => ask(changed, shown, 'deployments')).toThrow('its containers were not made by k2d');
    });
  });

  it('lets k2d itself do it', () =>
    expect(() => admit({ ...clientRequest(pods, foreign), user: systemUser })).not.toThrow());

  it('is not fooled by a client of the same name', () =>
    expect(() => admit({ ...clientRequest(pods, foreign), user: { ...systemUser } })).toThrow(refusal));
});
