import { describe, expect, it } from 'vitest';
import type { Service } from '../meta/types.ts';
import { defaultService } from '../resources/service-defaults.ts';
import type { ServiceSpec } from '../resources/service-spec.ts';
import { services } from '../resources/service.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { serviceAddresses } from './service-addresses.ts';

const plugin = serviceAddresses({
  serviceCidr: '10.43.0.0/24',
  nodePorts: { first: 30_000, last: 30_099 },
  random: () => 0,
});

const service = (name: string, spec: ServiceSpec): Service =>
  defaultService({ metadata: { namespace: 'default', name }, spec });

const http = { name: 'http', port: 80 };

async function admit(spec: ServiceSpec, current?: ServiceSpec, ...others: ServiceSpec[]): Promise<ServiceSpec> {
  const lister = listerOf({ definition: services, objects: others.map((other, n) => service(`other-${n}`, other)) });
  const before = current === undefined ? undefined : service('web', current);
  const admitted = await plugin.mutate?.(clientRequest(services, service('web', spec), before), lister);
  return (admitted as Service).spec!;
}

/** As other writers meet it: addressed. */
const stored = async (spec: ServiceSpec) => admit(spec);

describe('cluster addresses', () => {
  it('come from the range, above the band that people choose from', async () =>
    expect(await admit({ ports: [http] })).toMatchObject({
      clusterIP: '10.43.0.18',
      clusterIPs: ['10.43.0.18'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    }));

  it('are never given twice', async () =>
    expect(await admit({ ports: [http] }, undefined, { clusterIP: '10.43.0.18' })).toMatchObject({
      clusterIP: '10.43.0.19',
    }));

  it('come from the lower band when the upper is full, and end', async () => {
    const all = Array.from({ length: 253 }, (_, n) => ({ clusterIP: `10.43.0.${n + 2}` }));
    expect(await admit({}, undefined, ...all.slice(16))).toMatchObject({ clusterIP: '10.43.0.2' });
    await expect(admit({}, undefined, ...all)).rejects.toThrow(
      'Service "web" is invalid: spec.clusterIPs: Invalid value: []: failed to allocate a serviceIP: range is full',
    );
  });

  it('can be chosen', async () => {
    expect(await admit({ clusterIP: '10.43.0.7' })).toMatchObject({
      clusterIP: '10.43.0.7',
      clusterIPs: ['10.43.0.7'],
    });
  });

  it.each([
    ['10.43.0.7', 'provided IP is already allocated'],
    ['10.99.0.7', 'the provided IP (10.99.0.7) is not in the valid range. The range of valid IPs is 10.43.0.0/24'],
    ['10.43.0.255', 'the provided IP (10.43.0.255) is not in the valid range. The range of valid IPs is 10.43.0.0/24'],
  ])('cannot be %s', async (clusterIP, why) =>
    expect(admit({ clusterIP }, undefined, { clusterIP: '10.43.0.7' })).rejects.toThrow(
      `Service "web" is invalid: spec.clusterIPs: Invalid value: ["${clusterIP}"]: failed to allocate IP ${clusterIP}: ${why}`,
    ),
  );

  it('are none for headless and external names', async () => {
    expect(await admit({ clusterIP: 'None' })).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
    expect(await admit({ type: 'ExternalName', externalName: 'plc.plant' })).not.toHaveProperty('clusterIP');
  });

  it('leave nonsense to validation', async () =>
    expect(await admit({ clusterIP: 'x' })).toMatchObject({ clusterIP: 'x' }));

  it.each([
    [{ ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [{ clusterIP: 'fd00::1' }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [
      { ipFamilyPolicy: 'RequireDualStack' },
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
  ])('are IPv4: %j is refused', async (spec, text) => expect(admit(spec)).rejects.toThrow(text));

  it('stay through updates that do not name them', async () => {
    const before = await stored({ clusterIP: '10.43.0.7', ports: [http] });
    expect(await admit({ ports: [{ ...http, port: 81 }] }, before)).toMatchObject({
      clusterIP: '10.43.0.7',
      clusterIPs: ['10.43.0.7'],
      ipFamilyPolicy: 'SingleStack',
    });
  });

  it('go when the Service becomes an external name, and come when it becomes one no more', async () => {
    const before = await stored({ clusterIP: '10.43.0.7' });
    const external = await admit({ ...before, type: 'ExternalName', externalName: 'plc.plant' }, before);
    expect(external).not.toHaveProperty('clusterIPs');
    expect(await admit({ ...external, type: 'ClusterIP' }, external)).toMatchObject({ clusterIP: '10.43.0.18' });
  });

  it('show a change to validation', async () => {
    const before = await stored({ clusterIP: '10.43.0.7' });
    expect(await admit({ ...before, clusterIP: '10.43.0.8' }, before)).toMatchObject({ clusterIPs: ['10.43.0.8'] });
  });
});

describe('node ports', () => {
  const open = (...ports: ServiceSpec['ports'] & object): ServiceSpec => ({ type: 'NodePort', ports });

  it('come from the range, above the band that people choose from', async () =>
    expect((await admit(open(http, { name: 'mqtt', port: 1883 }))).ports).toMatchObject([
      { nodePort: 30_016 },
      { nodePort: 30_017 },
    ]));

  it('are only for those who ask', async () => {
    expect((await admit({ ports: [http] })).ports?.[0]).not.toHaveProperty('nodePort');
    expect((await admit({ type: 'LoadBalancer', ports: [http] })).ports?.[0]).toHaveProperty('nodePort');
    expect(
      (await admit({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [http] })).ports?.[0],
    ).not.toHaveProperty('nodePort');
  });

  it('are one for TCP and UDP of the same port', async () => {
    const dns = { port: 53 };
    expect((await admit(open({ ...dns, name: 'tcp' }, { ...dns, name: 'udp', protocol: 'UDP' }))).ports).toMatchObject([
      { nodePort: 30_016 },
      { nodePort: 30_016 },
    ]);
  });

  it('can be chosen', async () =>
    expect((await admit(open({ ...http, nodePort: 30_001 }))).ports).toMatchObject([{ nodePort: 30_001 }]));

  it.each([
    [30_005, 'provided port is already allocated'],
    [80, 'provided port is not in the valid range. The range of valid ports is 30000-30099'],
  ])('cannot be %d', async (nodePort, why) =>
    expect(admit(open({ ...http, nodePort }), undefined, open({ port: 1, nodePort: 30_005 }))).rejects.toThrow(
      `Service "web" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: ${why}`,
    ),
  );

  it('end', async () => {
    const all = Array.from({ length: 100 }, (_, n) => ({ name: `p${n}`, port: n + 1, nodePort: 30_000 + n }));
    await expect(admit(open(http), undefined, open(...all))).rejects.toThrow(
      'failed to allocate a nodePort: range is full',
    );
  });

  it('stay with the port of that name', async () => {
    const before = await stored(open({ ...http, nodePort: 30_001 }));
    expect((await admit(open({ name: 'mqtt', port: 1883 }, { ...http, port: 81 }), before)).ports).toMatchObject([
      { name: 'mqtt', nodePort: 30_016 },
      { name: 'http', nodePort: 30_001 },
    ]);
  });

  it('go when the Service is for the cluster only', async () => {
    const before = await stored(open(http));
    expect((await admit({ ...before, type: 'ClusterIP' }, before)).ports?.[0]).not.toHaveProperty('nodePort');
  });
});
