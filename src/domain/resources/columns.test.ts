import { describe, expect, it } from 'vitest';
import { catalog } from './catalog.ts';
import { configMaps } from './config-map.ts';
import { deployments } from './deployment.ts';
import { endpointSlices } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { events } from './event.ts';
import { namespaces } from './namespace.ts';
import { nodes } from './node.ts';
import { replicaSets } from './replica-set.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { roleBindings } from './role-binding.ts';
import { roles } from './role.ts';
import { secrets } from './secret.ts';
import { serviceAccounts } from './service-account.ts';
import { services } from './service.ts';

const now = new Date('2026-01-02T00:05:00Z');
const metadata = { name: 'x', creationTimestamp: '2026-01-02T00:00:00Z' };

const show = <T extends object>({ columns }: ResourceDefinition<T>, object: T) =>
  Object.fromEntries(columns.map((column) => [column.name, column.cell(object, now)]));

describe('columns', () => {
  // kubernetes pkg/printers/internalversion/printers.go; `*` marks what only -o wide shows.
  it.each([
    ['pods', 'Name, Ready, Status, Restarts, Age, IP*, Node*, Nominated Node*, Readiness Gates*'],
    ['deployments', 'Name, Ready, Up-to-date, Available, Age, Containers*, Images*, Selector*'],
    ['replicasets', 'Name, Desired, Current, Ready, Age, Containers*, Images*, Selector*'],
    ['jobs', 'Name, Status, Completions, Duration, Age, Containers*, Images*, Selector*'],
    ['cronjobs', 'Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age, Containers*, Images*, Selector*'],
    ['statefulsets', 'Name, Ready, Age, Containers*, Images*'],
    [
      'daemonsets',
      'Name, Desired, Current, Ready, Up-to-date, Available, Node Selector, Age, Containers*, Images*, Selector*',
    ],
    ['replicationcontrollers', 'Name, Desired, Current, Ready, Age, Containers*, Images*, Selector*'],
    ['services', 'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector*'],
    ['endpoints', 'Name, Endpoints, Age'],
    ['endpointslices', 'Name, AddressType, Ports, Endpoints, Age'],
    [
      'nodes',
      'Name, Status, Roles, Age, Version, Internal-IP*, External-IP*, OS-Image*, Kernel-Version*, Container-Runtime*',
    ],
    ['namespaces', 'Name, Status, Age'],
    ['configmaps', 'Name, Data, Age'],
    ['secrets', 'Name, Type, Data, Age'],
    ['serviceaccounts', 'Name, Secrets, Age'],
    ['roles', 'Name, Created At'],
    ['clusterroles', 'Name, Created At'],
    ['rolebindings', 'Name, Role, Age, Users*, Groups*, ServiceAccounts*'],
    ['clusterrolebindings', 'Name, Role, Age, Users*, Groups*, ServiceAccounts*'],
    ['leases', 'Name, Holder, Age'],
    ['resourcequotas', 'Name, Request, Limit, Age'],
    ['limitranges', 'Name, Created At'],
    ['priorityclasses', 'Name, Value, Global-Default, Age, PreemptionPolicy'],
    ['runtimeclasses', 'Name, Handler, Age'],
    ['ingressclasses', 'Name, Controller, Parameters, Age'],
    ['ingresses', 'Name, Class, Hosts, Address, Ports, Age'],
    ['networkpolicies', 'Name, Pod-Selector, Age'],
    ['storageclasses', 'Name, Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age'],
    ['podtemplates', 'Name, Containers, Images, Pod Labels'],
    ['controllerrevisions', 'Name, Controller, Revision, Age'],
    ['events', 'Last Seen, Type, Reason, Object, Subobject*, Source*, Message, First Seen*, Count*, Name*'],
  ])('of %s are %s', (plural, names) =>
    expect(
      catalog
        .find((definition) => definition.plural === plural)
        ?.columns.map(({ name, wide }) => `${name}${wide ? '*' : ''}`)
        .join(', '),
    ).toBe(names),
  );

  it('never throw, whatever is left out', () => {
    for (const definition of catalog) {
      for (const column of definition.columns) expect(column.cell({}, now)).not.toBeUndefined();
      expect(definition.rowConditions({})).toEqual([]);
    }
  });
});

describe('cells', () => {
  it('of a namespace tell its phase', () => {
    expect(show(namespaces, { metadata })).toEqual({ Name: 'x', Status: 'Active', Age: '5m' });
    expect(show(namespaces, { metadata: { ...metadata, deletionTimestamp: '2026-01-02T00:04:00Z' } })).toMatchObject({
      Status: 'Terminating',
    });
  });

  it('of a role tell when it was made, of a binding what it binds', () => {
    expect(show(roles, { metadata })).toEqual({ Name: 'x', 'Created At': '2026-01-02T00:00:00Z' });
    const subjects = [
      { kind: 'User', name: 'jane' },
      { kind: 'Group', name: 'devs' },
      { kind: 'User', name: 'paul' },
      { kind: 'ServiceAccount', name: 'bot', namespace: 'plant' },
    ];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    expect(show(roleBindings, { metadata, roleRef, subjects })).toEqual({
      Name: 'x',
      Role: 'ClusterRole/view',
      Age: '5m',
      Users: 'jane, paul',
      Groups: 'devs',
      ServiceAccounts: 'plant/bot',
    });
  });

  it('of data count keys', () => {
    expect(show(configMaps, { metadata, data: { a: '1' }, binaryData: { b: '' } })).toMatchObject({ Data: 2 });
    expect(show(secrets, { metadata, type: 'Opaque', data: { a: '' } })).toMatchObject({ Type: 'Opaque', Data: 1 });
    expect(show(serviceAccounts, { metadata })).toMatchObject({ Secrets: 0 });
  });

  it.each([
    [{}, { Status: 'Unknown', Roles: '<none>', 'Internal-IP': '<none>', 'OS-Image': '<unknown>' }],
    [
      {
        metadata: { labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '192.168.1.7' }],
        },
      },
      { Status: 'Ready,SchedulingDisabled', Roles: 'control-plane,worker', 'Internal-IP': '192.168.1.7' },
    ],
    [{ status: { conditions: [{ type: 'Ready', status: 'False' }] } }, { Status: 'NotReady' }],
  ])('of a node %j are %j', (node, cells) => expect(show(nodes, node)).toMatchObject(cells));

  it.each([
    [
      {
        type: 'ClusterIP',
        clusterIPs: ['10.43.0.7'],
        ports: [{ port: 80, protocol: 'TCP' }],
        selector: { b: '2', a: '1' },
      },
      { 'Cluster-IP': '10.43.0.7', 'External-IP': '<none>', 'Port(s)': '80/TCP', Selector: 'a=1,b=2' },
    ],
    [
      {
        type: 'NodePort',
        ports: [
          { port: 80, nodePort: 30_080, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
      { 'Port(s)': '80:30080/TCP,53/UDP', Selector: '<none>' },
    ],
    [{ type: 'LoadBalancer' }, { 'External-IP': '<pending>', 'Port(s)': '<none>' }],
    [
      { type: 'ExternalName', externalName: 'plc.plant' },
      { 'Cluster-IP': '<none>', 'External-IP': 'plc.plant' },
    ],
    [{ type: 'ClusterIP', externalIPs: ['1.2.3.4', '1.2.3.5'] }, { 'External-IP': '1.2.3.4,1.2.3.5' }],
  ])('of a service %j are %j', (spec, cells) => expect(show(services, { metadata, spec })).toMatchObject(cells));

  it('of endpoints show the first three', () => {
    const addresses = ['1', '2', '3', '4', '5'].map((n) => ({ ip: `10.42.0.${n}` }));
    expect(show(endpoints, { metadata, subsets: [{ addresses, ports: [{ port: 80 }] }] })).toMatchObject({
      Endpoints: '10.42.0.1:80,10.42.0.2:80,10.42.0.3:80 + 2 more...',
    });
    expect(show(endpoints, { metadata, subsets: [{ addresses: addresses.slice(0, 1) }] })).toMatchObject({
      Endpoints: '10.42.0.1',
    });
    expect(show(endpoints, { metadata })).toMatchObject({ Endpoints: '<none>' });
  });

  it('of an endpoint slice show ports and addresses', () => {
    const slice = {
      metadata,
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.42.0.1'] }, { addresses: ['10.42.0.2'] }],
      ports: [{ port: 80 }, { name: 'all' }],
    };
    expect(show(endpointSlices, slice)).toMatchObject({
      AddressType: 'IPv4',
      Ports: '80,all',
      Endpoints: '10.42.0.1,10.42.0.2',
    });
    expect(show(endpointSlices, { metadata, addressType: 'IPv4', endpoints: [] })).toMatchObject({
      Ports: '<unset>',
      Endpoints: '<unset>',
    });
  });

  it('of workloads count replicas', () => {
    const spec = {
      replicas: 3,
      selector: {
        matchLabels: { app: 'web' },
        matchExpressions: [
          { key: 'tier', operator: 'In', values: ['b', 'a'] },
          { key: 'old', operator: 'DoesNotExist' },
        ],
      },
      template: {
        spec: {
          containers: [
            { name: 'a', image: 'x:1' },
            { name: 'b', image: 'y:2' },
          ],
        },
      },
    };
    const wide = { Containers: 'a,b', Images: 'x:1,y:2', Selector: 'app=web,!old,tier in (a,b)' };
    expect(
      show(deployments, { metadata, spec, status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 } }),
    ).toEqual({ Name: 'x', Ready: '2/3', 'Up-to-date': 1, Available: 2, Age: '5m', ...wide });
    expect(show(replicaSets, { metadata, spec, status: { replicas: 3, readyReplicas: 1 } })).toEqual({
      Name: 'x',
      Desired: 3,
      Current: 3,
      Ready: 1,
      Age: '5m',
      ...wide,
    });
  });

  it('of an event tell what, when and how often', () => {
    const event = {
      metadata: { name: 'x.1', namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'web', fieldPath: 'spec.containers{web}' },
      source: { component: 'kubelet', host: 'panel-7' },
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting\n',
      firstTimestamp: '2026-01-02T00:00:00Z',
      lastTimestamp: '2026-01-02T00:04:30Z',
      count: 7,
    };
    expect(show(events, event)).toEqual({
      'Last Seen': '30s',
      Type: 'Warning',
      Reason: 'BackOff',
      Object: 'pod/web',
      Subobject: 'spec.containers{web}',
      Source: 'kubelet, panel-7',
      Message: 'Back-off restarting',
      'First Seen': '5m',
      Count: 7,
      Name: 'x.1',
    });
    expect(
      show(events, {
        metadata: {},
        involvedObject: { kind: 'Node' },
        eventTime: '2026-01-02T00:01:00.000000Z',
        reportingComponent: 'k2d',
      }),
    ).toMatchObject({ 'Last Seen': '4m', 'First Seen': '4m', Object: 'node', Source: 'k2d', Count: 1 });
  });
});
