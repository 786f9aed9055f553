import { expect, it } from 'vitest';
import { amountText, excessOf, largestOf, only, sumOf } from './resource-list.ts';

it('adds what has the same name, in the format of the first', () => {
  expect(sumOf([])).toEqual({});
  expect(sumOf([{ cpu: '500m', memory: '512Mi' }, undefined, { cpu: '1500m', memory: '512M', pods: '1' }])).toEqual({
    cpu: '2',
    memory: '1024288Ki',
    pods: '1',
  });
  expect(sumOf([{ memory: '0' }, { memory: '1Gi' }])).toEqual({ memory: '1Gi' });
});

it('takes the largest of each name', () =>
  expect(largestOf([{ cpu: '100m' }, { cpu: '1', memory: '1Ki' }])).toEqual({ cpu: '1', memory: '1Ki' }));

it('tells what there is more of', () =>
  expect(excessOf({ cpu: '2', memory: '1Gi', pods: '1' }, { cpu: '1500m', memory: '2Gi', pods: '1' })).toEqual({
    cpu: '500m',
  }));

it('knows only names of its own', () => {
  expect(amountText({}, 'constructor')).toBeUndefined();
  expect(only({ cpu: '1', pods: '2' }, (name) => name === 'pods')).toEqual({ pods: '2' });
});
