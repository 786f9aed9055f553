import { expect, test } from 'vitest';
import type { Container } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { engineWarnings, type EngineHabits } from './engine-warnings.ts';
import { listerOf } from './lister-of.ts';

function warned(securityContext: Container['securityContext'] & object, habits?: EngineHabits): string[] {
  const warnings: string[] = [];
  const pod = { metadata: { namespace: 'n', name: 'p' }, spec: { containers: [{ name: 'c', securityContext }] } };
  const request = { ...clientRequest(pods, pod), warn: (text: string) => void warnings.push(text) };
  void engineWarnings(() => habits).validate?.(request, listerOf());
  return warnings;
}

test('capabilities that are in force at once are told of, where they are', () => {
  const context = { runAsUser: 1000, capabilities: { add: ['NET_ADMIN'] } };
  expect(warned(context, { ambientCapabilities: true })).toEqual([
    'spec.containers[0].securityContext.capabilities.add: the engine makes added capabilities effective at once for users other than root; in Kubernetes only programs with file capabilities get them',
  ]);
  expect(warned(context, { ambientCapabilities: false })).toEqual([]);
  expect(warned(context)).toEqual([]);
  expect(warned({ ...context, runAsUser: 0 }, { ambientCapabilities: true })).toEqual([]);
});
