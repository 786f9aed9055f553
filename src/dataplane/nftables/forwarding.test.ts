import { expect, test } from 'vitest';
import { forwardingChanges, forwardingRemoval } from './forwarding.ts';

const options = { instance: 'k2d', podCidr: '10.42.0.0/16', nodePorts: { first: 30000, last: 32767 } };
const translated = '-m conntrack --ctstate DNAT';
const accept = '-m comment --comment k2d:services -j ACCEPT';
const wanted = [
  `-d 10.42.0.0/16 ${translated} ${accept}`,
  `-s 10.42.0.0/16 ${translated} ${accept}`,
  `${translated} --ctorigdstport 30000:32767 ${accept}`,
];

const open = '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n';
const closed = open.replace('FORWARD ACCEPT', 'FORWARD DROP');
const docker = `${closed}-N DOCKER-USER\n-A FORWARD -j DOCKER-USER\n`;
const listed = (chain: string) =>
  wanted.map((rule) => `-A ${chain} ${rule.replace('k2d:services', '"k2d:services"')}\n`).join('');

const changes = (listing: string) =>
  forwardingChanges(listing, options).map(({ action, chain, rule }) => [action, chain, ...rule].join(' '));

test('where forwarding is open nothing is changed', () => {
  expect(changes(open)).toEqual([]);
  expect(changes('')).toEqual([]);
});

test('Docker’s chain for others is used where it is, FORWARD itself where the policy drops', () => {
  expect(changes(docker)).toEqual(wanted.map((rule) => `-I DOCKER-USER ${rule}`));
  expect(changes(docker.replace('DROP', 'ACCEPT')), 'Docker 28 drops in chains of its own').toHaveLength(3);
  expect(changes(closed)).toEqual(wanted.map((rule) => `-I FORWARD ${rule}`));
});

test('what is there already is left alone, and so are the rules of others', () => {
  expect(changes(`${docker}${listed('DOCKER-USER')}-A DOCKER-USER -j RETURN\n`)).toEqual([]);
  expect(changes(`${docker}${listed('DOCKER-USER').replaceAll('k2d:services', 'k2d-two:services')}`)).toHaveLength(3);
});

test('rules of an older start, in another chain or for other ranges, go', () => {
  const old = `-A DOCKER-USER -d 10.99.0.0/16 ${translated} ${accept}\n`;
  expect(changes(`${docker}${listed('DOCKER-USER')}${old}`)).toEqual([
    `-D DOCKER-USER -d 10.99.0.0/16 ${translated} ${accept}`,
  ]);
  expect(changes(`${docker}${listed('FORWARD')}`)).toHaveLength(6);
  const removal = forwardingRemoval(`${docker}${listed('DOCKER-USER')}${old}`, 'k2d');
  expect(removal.map(({ action }) => action)).toEqual(['-D', '-D', '-D', '-D']);
});
