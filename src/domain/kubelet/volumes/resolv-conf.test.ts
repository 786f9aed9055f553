import { expect, test } from 'vitest';
import { resolvConf } from './resolv-conf.ts';

test('says what the pod says, if that is all that counts', () => {
  const dnsConfig = {
    nameservers: ['192.0.2.1', '192.0.2.2'],
    searches: ['plant.example', 'example'],
    options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
  };
  expect(resolvConf({ spec: { containers: [], dnsPolicy: 'None', dnsConfig } })).toBe(
    'search plant.example example\nnameserver 192.0.2.1\nnameserver 192.0.2.2\noptions ndots:2 edns0\n',
  );
  expect(resolvConf({ spec: { containers: [], dnsPolicy: 'ClusterFirst', dnsConfig } })).toBeUndefined();
});
