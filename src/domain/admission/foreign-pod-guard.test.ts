import { describe, expect, it } from 'vitest';
import type { Deployment, Pod } from '../meta/types.ts';
import { systemUser } from '../meta/user-info.ts';
import { deployments } from '../resources/deployment.ts';
import { foreignAnnotation } from '../resources/foreign-pod.ts';
import { pods } from '../resources/pod.ts';
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

  it('lets clients write everything else', () => {
    const labelled = { metadata: { ...foreign.metadata, labels: { a: 'b' } } };
    expect(() => admit(clientRequest(pods, plain))).not.toThrow();
    expect(() => admit(clientRequest(pods, labelled, foreign))).not.toThrow();
  });

  it('lets k2d itself do it', () =>
    expect(() => admit({ ...clientRequest(pods, foreign), user: systemUser })).not.toThrow());

  it('is not fooled by a client of the same name', () =>
    expect(() => admit({ ...clientRequest(pods, foreign), user: { ...systemUser } })).toThrow(refusal));
});
