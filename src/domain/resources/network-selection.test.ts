import { describe, expect, it } from 'vitest';
import { networkSelections } from './network-selection.ts';

const plain = { ips: [], others: [] };

describe('networkSelections', () => {
  it.each([
    [undefined, []],
    ['  ', []],
    ['plant', [{ namespace: 'line', name: 'plant', ...plain }]],
    ['ot/plant@net7', [{ namespace: 'ot', name: 'plant', interface: 'net7', ...plain }]],
    [
      'plant, ot/cell',
      [
        { namespace: 'line', name: 'plant', ...plain },
        { namespace: 'ot', name: 'cell', ...plain },
      ],
    ],
    [
      '[{"name":"plant","namespace":"ot","ips":["192.168.7.20/24"],"mac":"0A:58:00:00:00:01","interface":"plc"}]',
      [
        {
          namespace: 'ot',
          name: 'plant',
          interface: 'plc',
          ips: ['192.168.7.20/24'],
          mac: '0a:58:00:00:00:01',
          others: [],
        },
      ],
    ],
    ['[{"name":"plant","bandwidth":{}}]', [{ namespace: 'line', name: 'plant', ips: [], others: ['bandwidth'] }]],
    ['[]', []],
  ])('reads %s', (text, selections) => {
    expect(networkSelections(text, 'line')).toEqual({ kind: 'selected', selections });
  });

  it.each([
    ['a,,b', '"" is not of the form namespace/name@interface'],
    ['a b', '"a b" is not of the form namespace/name@interface'],
    ['Plant', '"Plant" is no name of a network'],
    ['a/b/c', '"a/b/c" is not of the form namespace/name@interface'],
    ['a_b/c', '"a_b" is no namespace'],
    ['a@eth0', '"eth0" cannot be the name of an interface'],
    ['a@sixteen-letters-', '"sixteen-letters-" cannot be the name of an interface'],
    ['a@x,b@x', 'two interfaces are named x'],
    ['[{"name":"a"}', 'not JSON'],
    ['["a"]', 'not a list of objects'],
    ['[null]', 'not a list of objects'],
    ['[{}]', '"" is no name of a network'],
    ['[{"name":"a","ips":"1.2.3.4"}]', 'ips is no list'],
    ['[{"name":"a","ips":["1.2.3.400"]}]', '"1.2.3.400" is no IPv4 address'],
    ['[{"name":"a","mac":"01:00:5e:00:00:01"}]', '"01:00:5e:00:00:01" is no hardware address'],
    [Array.from({ length: 17 }, (_, i) => `n${i}`).join(), 'more than 16 networks'],
  ])('refuses %s', (text, message) => {
    expect(networkSelections(text, 'line')).toEqual({ kind: 'malformed', message });
  });
});
