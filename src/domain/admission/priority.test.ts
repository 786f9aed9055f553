import { describe, expect, it } from 'vitest';
import type { PodSpec, PriorityClass } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { priorityClasses, systemPriorityClasses } from '../resources/priority-class.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { priority } from './priority.ts';

const stored = (...objects: PriorityClass[]) =>
  listerOf({ definition: priorityClasses, objects: [...systemPriorityClasses, ...objects] });

const admit = (spec: Partial<PodSpec>, ...classes: PriorityClass[]) =>
  priority().mutate?.(
    clientRequest(pods, { metadata: { namespace: 'default', name: 'p' }, spec: { containers: [], ...spec } }),
    stored(...classes),
  );

describe('priority', () => {
  it.each([
    [{}, 0],
    [{ priority: 0 }, 0],
    [{ priorityClassName: 'system-node-critical' }, 2_000_001_000],
    [{ priorityClassName: 'system-cluster-critical' }, 2_000_000_000],
  ])('gives %j the priority %d', (spec, value) =>
    expect(admit(spec)).toMatchObject({ spec: { priority: value, preemptionPolicy: 'PreemptLowerPriority' } }),
  );

  it('is that of the class', () =>
    expect(
      admit({ priorityClassName: 'vip' }, { metadata: { name: 'vip' }, value: 7, preemptionPolicy: 'Never' }),
    ).toMatchObject({ spec: { priority: 7, preemptionPolicy: 'Never' } }));

  it('is that of the default class, of several the least', () =>
    expect(
      admit(
        {},
        { metadata: { name: 'b' }, value: 9, globalDefault: true },
        { metadata: { name: 'a' }, value: 8, globalDefault: true },
      ),
    ).toMatchObject({ spec: { priority: 8, priorityClassName: 'a' } }));

  it('knows no other classes', () =>
    expect(() => admit({ priorityClassName: 'vip' })).toThrow(
      'pods "p" is forbidden: no PriorityClass with name vip was found',
    ));

  it('takes no number that the class does not have', () =>
    expect(() => admit({ priority: 7 })).toThrow('the integer value of priority (7) must not be provided in pod spec'));

  it('takes no policy that the class does not have', () =>
    expect(() => admit({ priorityClassName: 'system-node-critical', preemptionPolicy: 'Never' })).toThrow(
      'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    ));

  it('has one default', () => {
    const own: PriorityClass = { metadata: { name: 'a' }, value: 1, globalDefault: true };
    const other: PriorityClass = { metadata: { name: 'b' }, value: 1, globalDefault: true };
    expect(() => priority().validate?.(clientRequest(priorityClasses, own, own), stored(own))).not.toThrow();
    expect(() => priority().validate?.(clientRequest(priorityClasses, own), stored(other))).toThrow(
      'priorityclasses.scheduling.k8s.io "a" is forbidden: PriorityClass b is already marked as default. Only one default can exist',
    );
  });
});
