import { expect, it } from 'vitest';
import { dnsSubdomain } from '../../meta/names.ts';
import { podNameOf } from './foreign-names.ts';

it.each([
  ['web', 'web'],
  ['shop_web_1', 'shop-web-1'],
  ['My_App.1', 'my-app.1'],
  ['_.-', 'container'],
  ['a..b-', 'a.b'],
  [`${'x'.repeat(199)}.y`, 'x'.repeat(199)],
])('%s is called %s', (engineName, name) => {
  expect(podNameOf(engineName)).toBe(name);
  expect(dnsSubdomain(podNameOf(engineName))).toEqual([]);
});
