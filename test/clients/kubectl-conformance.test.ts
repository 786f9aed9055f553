import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../conformance/runtime/published-port.ts';
import { openControlPlane, type ControlPlane } from '../kubernetes-conformance/control-plane.ts';
import {
  anything,
  defineCustomResource,
  versionOf,
  type CustomResource,
} from '../kubernetes-conformance/custom-resource.ts';
import { eventually } from '../kubernetes-conformance/eventually.ts';
import { Kubectl } from './kubectl.ts';

let folder: string;
let plane: ControlPlane;
let port: number;
let anywhere: Kubectl;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k2d-conformance-'));
  // The address in the kubeconfig is the one it listens on.
  port = await freePort();
  plane = await openControlPlane({ port, withOpenApi: true });
  anywhere = new Kubectl({ kubeconfig: plane.bed.kubeconfigPath, cacheDirectory: join(folder, 'cache') });
});
afterAll(async () => {
  await plane.close();
  await rm(folder, { recursive: true, force: true });
});

const inNamespace = async (): Promise<Kubectl> => anywhere.in(await plane.namespace());

describe('what kubectl tells of the server', () => {
  it('has v1 among the versions', async () => {
    expect((await anywhere.run('api-versions')).split('\n')).toContain('v1');
  });

  it('says where the control plane is', async () => {
    expect(await anywhere.run('cluster-info')).toMatch(
      new RegExp(String.raw`Kubernetes control plane.* is running at .*https://.*:${port}`),
    );
  });

  it('has a version of both', async () => {
    const told = await anywhere.run('version');
    expect(told).toMatch(/^Client Version: v\d+\.\d+\.\d+/m);
    expect(told).toMatch(/^Server Version: v\d+\.\d+\.\d+/m);
  });
});

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'httpd' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'httpd' } },
    template: { metadata: { labels: { app: 'httpd' } }, spec: { containers: [{ name: 'httpd', image }] } },
  },
});

describe('what does not change anything', () => {
  it('diff shows what an apply would change', async () => {
    const kubectl = await inNamespace();
    await kubectl.apply(deployment('httpd:1'));
    const { code, stdout } = await kubectl.attempt('diff -f -', { input: [deployment('busybox:1.35')] });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^-.*image: httpd:1$/m);
    expect(stdout).toMatch(/^\+.*image: busybox:1\.35$/m);
  });

  it('a dry run at the server answers the change and keeps the image', async () => {
    const kubectl = await inNamespace();
    const image = () => kubectl.run('get pod web -o jsonpath={.spec.containers[0].image}');
    await kubectl.run('run web --image=httpd:1 --labels=run=web');
    await eventually(async () => expect(await kubectl.run('get pod web -o jsonpath={.status.phase}')).toBe('Running'));
    const patch = JSON.stringify({ spec: { containers: [{ name: 'web', image: 'busybox:1.35' }] } });
    expect(await kubectl.run(['patch', 'pod', 'web', '-p', patch, '--dry-run=server'])).toContain('patched');
    expect(await image()).toBe('httpd:1');
  });
});

describe('a proxy', () => {
  /** The body at `/api/`, through whatever listens there. */
  const versionsAt = async (place: { socketPath: string } | { port: number }): Promise<string> => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ ...place, host: '127.0.0.1', path: '/api/', agent: false }, resolve)
        .on('error', reject)
        .end();
    });
    return text(answer);
  };

  it('listens at a port that is free', async () => {
    const proxy = anywhere.follow('proxy -p 0 --disable-filter');
    const [, port] = /^Starting to serve on .*:(\d+)$/.exec(await proxy.until(/^Starting to serve on /)) ?? [];
    expect(await versionsAt({ port: Number(port) })).toContain('"versions"');
    await proxy.stop();
  });

  it('listens at a socket', async () => {
    const socketPath = join(folder, 'proxy.sock');
    const proxy = anywhere.follow(`proxy --unix-socket=${socketPath}`);
    await proxy.until(/^Starting to serve on /);
    expect(await versionsAt({ socketPath })).toContain('"versions"');
    await proxy.stop();
  });
});

const foo = {
  description: 'Foo CRD for Testing',
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      description: 'Specification of Foo',
      properties: {
        bars: {
          description: 'List of Bars and their specs.',
          type: 'array',
          items: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { description: 'Name of Bar.', type: 'string' },
              feeling: { description: 'Whether Bar is feeling great.', type: 'string', enum: ['Great', 'Down'] },
              bazs: { description: 'List of Bazs.', type: 'array', items: { type: 'string' } },
            },
          },
        },
      },
    },
  },
};

const nested = {
  description: 'preserve-unknown-properties in nested field for Testing',
  type: 'object',
  properties: { spec: { ...anything, description: 'Specification of Waldo' } },
};

describe('a custom resource', () => {
  const define = (schema: object) => defineCustomResource(plane.client, { scope: 'Namespaced', schema });
  const objectOf = ({ apiVersion, kind }: CustomResource, content: object) => ({
    apiVersion,
    kind,
    metadata: { name: 'one' },
    ...content,
  });
  const takes = async (kubectl: Kubectl, resource: CustomResource, content: object): Promise<void> => {
    for (const command of ['create', 'apply']) {
      await kubectl.run(`${command} -f -`, { input: [objectOf(resource, content)] });
      await kubectl.run(`delete ${resource.plural} one`);
    }
  };

  it('with a schema is validated and explained', async () => {
    const [resource, kubectl] = [await define(foo), await inNamespace()];
    const { plural } = resource;
    await takes(kubectl, resource, { spec: { bars: [{ name: 'test-bar' }] } });
    for (const [bars, complaint] of [
      [{ bars: [{ name: 'test-bar', feeling: 'NonExistentValue' }] }, 'Unsupported value: "NonExistentValue"'],
      [{ foo: true }, 'unknown field "spec.foo"'],
      [{ bars: [{ bazs: ['x'] }] }, 'spec.bars[0].name: Required value'],
    ] as const) {
      for (const command of ['create', 'apply']) {
        const { code, stderr } = await kubectl.attempt(`${command} -f -`, {
          input: [objectOf(resource, { spec: bars })],
        });
        expect([code, stderr]).toEqual([1, expect.stringContaining(complaint)]);
      }
    }
    const explained = (path: string) => kubectl.run(`explain ${plural}${path}`);
    expect(await explained('')).toMatch(
      /DESCRIPTION:.*Foo CRD for Testing.*FIELDS:.*apiVersion.*<string>.*APIVersion defines.*spec.*<Object>.*Specification of Foo/s,
    );
    expect(await explained('.metadata')).toMatch(
      /DESCRIPTION:.*Standard object's metadata.*FIELDS:.*creationTimestamp.*<string>.*CreationTimestamp is a timestamp/s,
    );
    expect(await explained('.spec')).toMatch(
      /DESCRIPTION:.*Specification of Foo.*FIELDS:.*bars.*<\[\]Object>.*List of Bars and their specs/s,
    );
    expect(await explained('.spec.bars')).toMatch(
      /FIELD:.*bars.*<\[\]Object>.*DESCRIPTION:.*List of Bars and their specs.*FIELDS:.*bazs.*<\[\]string>.*List of Bazs.*name.*<string>.*Name of Bar/s,
    );
    expect((await kubectl.attempt(`explain ${plural}.spec.bars2`)).stderr).toContain('field "bars2" does not exist');
  });

  it('without a schema takes anything, and has no description', async () => {
    const [resource, kubectl] = [await define(anything), await inNamespace()];
    await takes(kubectl, resource, { a: { b: [{ c: 'd' }] } });
    const explained = await kubectl.run(`explain ${resource.plural}`);
    expect(explained).toMatch(/DESCRIPTION:.*<empty>/s);
    expect(explained).toMatch(new RegExp(`KIND:\\s+${resource.kind}`));
  });

  it('that is free at one place takes anything there', async () => {
    const [resource, kubectl] = [await define(nested), await inNamespace()];
    await takes(kubectl, resource, { spec: { a: null, b: [{ c: 'd' }] } });
    const explained = await kubectl.run(`explain ${resource.plural}`);
    expect(explained).toMatch(/DESCRIPTION:.*preserve-unknown-properties in nested field for Testing/s);
  });

  const describedAs = async (resource: CustomResource, version: string): Promise<string> => {
    const { code, stdout, stderr } = await anywhere.attempt(
      `explain ${resource.plural} --api-version=${resource.group}/${version}`,
    );
    return code === 0 ? (/^DESCRIPTION:\n\s+(.*)$/m.exec(stdout)?.[1] ?? stdout) : stderr;
  };
  const waldo = { description: 'Waldo CRD for Testing', type: 'object', properties: { spec: { type: 'object' } } };

  it.each([
    ['of different groups', 'foo.example.com', 'waldo.example.com', 'v1', 'v1beta1'],
    ['of one group in different versions', 'versions.example.com', 'versions.example.com', 'v4', 'v5'],
    ['of one group and version of different kinds', 'kinds.example.com', 'kinds.example.com', 'v6', 'v6'],
  ])('%s are all described', async (_what, group, otherGroup, version, otherVersion) => {
    const one = await defineCustomResource(plane.client, { group, versions: [versionOf(version, foo)] });
    const other = await defineCustomResource(plane.client, {
      group: otherGroup,
      versions: [versionOf(otherVersion, waldo)],
    });
    await eventually(async () => expect(await describedAs(one, version)).toBe(foo.description));
    await eventually(async () => expect(await describedAs(other, otherVersion)).toBe(waldo.description));
  });

  it.each([
    ['renamed', { op: 'replace', path: '/spec/versions/1/name', value: 'v4' }, 'v4'],
    ['not served any more', { op: 'replace', path: '/spec/versions/1/served', value: false }, undefined],
  ])('one version of which is %s is described in the others', async (_what, change, now) => {
    const versions = [versionOf('v2', foo), versionOf('v3', foo, { storage: false })];
    const resource = await defineCustomResource(plane.client, { versions });
    for (const version of ['v2', 'v3']) {
      await eventually(async () => expect(await describedAs(resource, version)).toBe(foo.description));
    }
    await plane.client.patch(resource.definition, [change], 'json');
    const documents = async () => Object.keys((await plane.client.get('/openapi/v3')).paths);
    await eventually(async () => expect(await documents()).not.toContain(`apis/${resource.group}/v3`));
    expect(await describedAs(resource, 'v3')).not.toContain(foo.description);
    for (const version of ['v2', ...(now === undefined ? [] : [now])]) {
      expect(await describedAs(resource, version)).toBe(foo.description);
    }
  });
});
