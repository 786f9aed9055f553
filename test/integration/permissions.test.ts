import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engineCli } from './engine-cli.ts';
import { engines } from './engines.ts';
import { grantedRules, isGranted } from './granted-rules.ts';
import { askFromInside, type Question } from './in-pod-client.ts';
import { K2D_IMAGE } from './k2d.ts';
import { busybox, containerIds, pod, STAY } from './pods.ts';
import { tokenKubeconfig } from './token-kubeconfig.ts';
import { useK2d } from './use-k2d.ts';

const USER = 'system:serviceaccount:plant:default';
const cannot = (verb: string, resource: string, group: string, where: string) =>
  `is forbidden: User "${USER}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
const IN_PLANT = 'in the namespace "plant"';
const ANYWHERE = 'at the cluster scope';
const PODS = '/api/v1/namespaces/plant/pods';
const APPS = '/apis/apps/v1/namespaces/plant';

/** Reads what the issuer of its token publishes, and checks the token by it as anyone would who gets one. */
const CHECK = `
const { readFileSync } = require('node:fs');
const { createPublicKey, verify } = require('node:crypto');
const { get } = require('node:https');
const read = (name) => readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/' + name, 'utf8');
const headers = { authorization: 'Bearer ' + read('token') };
const json = (url) => new Promise((resolve, reject) => get(url, { headers, ca: read('ca.crt') }, async (answer) => {
  resolve(JSON.parse((await answer.setEncoding('utf8').toArray()).join('')));
}).on('error', reject));
const part = (text) => JSON.parse(Buffer.from(text, 'base64url'));
(async () => {
  const [header, claims, signature] = read('token').split('.');
  const discovery = await json('https://kubernetes.default.svc/.well-known/openid-configuration');
  const { keys } = await json(discovery.jwks_uri);
  const jwk = keys.find(({ kid }) => kid === part(header).kid);
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  const valid = verify('sha256', Buffer.from(header + '.' + claims), key, Buffer.from(signature, 'base64url'));
  const { iss, sub } = part(claims);
  console.log(JSON.stringify({ valid, issued: iss === discovery.issuer, sub }));
})();`;

/** Every kind of path, and Kubernetes' words. */
const refusals: [method: string, path: string, message: string][] = [
  ['GET', PODS, `pods ${cannot('list', 'pods', '', IN_PLANT)}`],
  ['GET', `${PODS}?watch=true`, `pods ${cannot('watch', 'pods', '', IN_PLANT)}`],
  ['GET', '/api/v1/watch/pods', `pods ${cannot('watch', 'pods', '', ANYWHERE)}`],
  ['GET', `${PODS}/any`, `pods "any" ${cannot('get', 'pods', '', IN_PLANT)}`],
  ['POST', PODS, `pods ${cannot('create', 'pods', '', IN_PLANT)}`],
  ['PUT', `${PODS}/any`, `pods "any" ${cannot('update', 'pods', '', IN_PLANT)}`],
  ['PATCH', `${PODS}/any`, `pods "any" ${cannot('patch', 'pods', '', IN_PLANT)}`],
  ['DELETE', `${PODS}/any`, `pods "any" ${cannot('delete', 'pods', '', IN_PLANT)}`],
  ['DELETE', PODS, `pods ${cannot('deletecollection', 'pods', '', IN_PLANT)}`],
  ['GET', `${PODS}/any/log?follow=true`, `pods "any" ${cannot('get', 'pods/log', '', IN_PLANT)}`],
  ['POST', `${PODS}/any/eviction`, `pods "any" ${cannot('create', 'pods/eviction', '', IN_PLANT)}`],
  ['PUT', `${PODS}/any/status`, `pods "any" ${cannot('update', 'pods/status', '', IN_PLANT)}`],
  ['GET', '/api/v1/pods', `pods ${cannot('list', 'pods', '', ANYWHERE)}`],
  ['GET', '/api/v1/secrets', `secrets ${cannot('list', 'secrets', '', ANYWHERE)}`],
  ['GET', '/api/v1/namespaces/plant', `namespaces "plant" ${cannot('get', 'namespaces', '', IN_PLANT)}`],
  ['GET', '/api/v1/nodes/any', `nodes "any" ${cannot('get', 'nodes', '', ANYWHERE)}`],
  ['GET', `${APPS}/deployments`, `deployments.apps ${cannot('list', 'deployments', 'apps', IN_PLANT)}`],
  [
    'PATCH',
    `${APPS}/deployments/any/scale`,
    `deployments.apps "any" ${cannot('patch', 'deployments/scale', 'apps', IN_PLANT)}`,
  ],
  [
    'POST',
    '/api/v1/namespaces/plant/serviceaccounts/default/token',
    `serviceaccounts "default" ${cannot('create', 'serviceaccounts/token', '', IN_PLANT)}`,
  ],
  [
    'POST',
    '/apis/authentication.k8s.io/v1/tokenreviews',
    `tokenreviews.authentication.k8s.io ${cannot('create', 'tokenreviews', 'authentication.k8s.io', ANYWHERE)}`,
  ],
  [
    'GET',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    `clusterroles.rbac.authorization.k8s.io ${cannot('list', 'clusterroles', 'rbac.authorization.k8s.io', ANYWHERE)}`,
  ],
  [
    'GET',
    '/apis/acme.io/v1/namespaces/plant/nothings',
    `nothings.acme.io ${cannot('list', 'nothings', 'acme.io', IN_PLANT)}`,
  ],
  ['GET', '/metrics', `forbidden: User "${USER}" cannot get path "/metrics"`],
  ['GET', '/', `forbidden: User "${USER}" cannot get path "/"`],
  ['GET', '/nothing/of/this/kind', `forbidden: User "${USER}" cannot get path "/nothing/of/this/kind"`],
  ['POST', '/version', `forbidden: User "${USER}" cannot post path "/version"`],
];

/** What every program may know, whoever started it: it is no secret, and clients need it. */
const OPEN = ['/version', '/healthz', '/livez', '/readyz', '/api', '/apis', '/apis/apps/v1', '/openapi/v3'];

const review = (verb: string, resource: string) => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: { resourceAttributes: { namespace: 'plant', verb, resource } },
});

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const role = {
  ...rbac,
  kind: 'Role',
  metadata: { name: 'operator' },
  rules: [
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['get', 'patch'] },
    { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'update'] },
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  ],
};
const binding = {
  ...rbac,
  kind: 'RoleBinding',
  metadata: { name: 'operator' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'operator' },
  subjects: [{ kind: 'ServiceAccount', name: 'default' }],
};

/** Requests that change nothing, whoever makes them. */
const VERBS: Record<string, (collection: string, object: string) => Question> = {
  get: (_, path) => ({ method: 'GET', path }),
  list: (path) => ({ method: 'GET', path }),
  watch: (path) => ({ method: 'GET', path: `${path}?watch=true&timeoutSeconds=1` }),
  create: (path) => ({ method: 'POST', path: `${path}?dryRun=All`, body: {} }),
  update: (_, path) => ({ method: 'PUT', path: `${path}?dryRun=All`, body: {} }),
  patch: (_, path) => ({ method: 'PATCH', path: `${path}?dryRun=All`, body: {} }),
  delete: (_, path) => ({ method: 'DELETE', path: `${path}?dryRun=All` }),
  deletecollection: (path) => ({ method: 'DELETE', path: `${path}?dryRun=All` }),
};
const OF_COLLECTIONS = new Set(['list', 'watch', 'create', 'deletecollection']);
const OBJECTS: [resource: string, collection: (namespace: string) => string, name: string, subresource?: string][] = [
  ['pods', (namespace) => `/api/v1/namespaces/${namespace}/pods`, 'any'],
  ['pods/log', (namespace) => `/api/v1/namespaces/${namespace}/pods`, 'any', 'log'],
  ['configmaps', (namespace) => `/api/v1/namespaces/${namespace}/configmaps`, 'settings'],
  ['configmaps', (namespace) => `/api/v1/namespaces/${namespace}/configmaps`, 'other'],
  ['secrets', (namespace) => `/api/v1/namespaces/${namespace}/secrets`, 'any'],
  ['deployments.apps', (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`, 'any'],
  ['deployments.apps/scale', (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`, 'any', 'scale'],
];

type Probe = { namespace: string; verb: string; resource: string; name?: string; question: Question };

/** Each verb on each resource that has it. */
const probes: Probe[] = ['plant', 'elsewhere'].flatMap((namespace) =>
  OBJECTS.flatMap(([resource, collection, name, subresource]) =>
    Object.entries(VERBS)
      .filter(([verb]) => subresource === undefined || !OF_COLLECTIONS.has(verb))
      .map(([verb, question]) => {
        const path = `${collection(namespace)}/${name}${subresource === undefined ? '' : `/${subresource}`}`;
        const named = OF_COLLECTIONS.has(verb) ? {} : { name };
        return { namespace, verb, resource, ...named, question: question(collection(namespace), path) };
      }),
  ),
);
const told = ({ namespace, verb, resource, name }: Probe) => [namespace, verb, resource, name].join(' ');

describe.each(engines)("a pod's default token on $kind", (engine) => {
  const k2d = useK2d(engine, 'permissions');
  let kubectl: Kubectl;
  let container: string;
  const ask = (questions: readonly Question[]) => askFromInside(engine, container, questions);

  beforeAll(async () => {
    kubectl = await k2d.namespace('plant');
    await k2d.namespace('elsewhere');
    await kubectl.run('create configmap settings --from-literal=color=blue');
    await kubectl.apply(pod('program', { containers: [busybox(STAY, { image: K2D_IMAGE })] }));
    await kubectl.run('wait --for=condition=Ready pod/program --timeout=100s');
    container = (await containerIds(kubectl, 'program'))['main']!;
  });

  it('is refused everything, from inside the pod', async () => {
    const answers = await ask(refusals.map(([method, path]) => ({ method, path })));
    const seen = refusals.map(([method, path], index) => ({ method, path, ...answers[index] }));
    expect(seen).toEqual(refusals.map(([method, path, message]) => ({ method, path, status: 403, message })));
  });

  const mounted = (file: string) =>
    engineCli(engine, 'exec', container, 'cat', `/var/run/secrets/kubernetes.io/serviceaccount/${file}`);

  it('comes with the authority and the namespace', async () => {
    const authority = await kubectl.run(['get', 'cm', 'kube-root-ca.crt', '-o', 'jsonpath={.data.ca\\.crt}']);
    expect(await mounted('ca.crt')).toBe(authority.trim());
    expect(await mounted('namespace')).toBe('plant');
    const spec = { token: await mounted('token') };
    const input = [{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec }];
    expect(await kubectl.run('create -o jsonpath={.status.user.username} -f -', { input })).toBe(USER);
  });

  it('can be checked by what the issuer publishes', async () => {
    const seen = await engineCli(engine, 'exec', container, 'node', '-e', CHECK);
    expect(JSON.parse(seen)).toEqual({ valid: true, issued: true, sub: USER });
  });

  it('may know what is no secret, and ask what it may do', async () => {
    const answers = await ask(OPEN.map((path) => ({ method: 'GET', path })));
    expect(answers.map(({ status }) => status)).toEqual(OPEN.map(() => 200));
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect(await ask([{ method: 'POST', path, body: review('list', 'pods') }])).toMatchObject([{ status: 201 }]);
  });

  describe('with a RoleBinding', () => {
    let own: Kubectl;
    beforeAll(async () => {
      await kubectl.apply(role, binding);
      const token = await engineCli(
        engine,
        'exec',
        container,
        'cat',
        '/var/run/secrets/kubernetes.io/serviceaccount/token',
      );
      own = kubectl.with(await tokenKubeconfig(k2d.config, token));
    });

    it('does just what is bound, and kubectl auth can-i --list tells the same', async () => {
      const answers = await ask(probes.map(({ question }) => question));
      const allowed = probes.filter((_, index) => answers[index]!.status !== 403).map(told);
      expect(allowed).toEqual([
        'plant get pods any',
        'plant list pods ',
        'plant watch pods ',
        'plant get configmaps settings',
        'plant patch configmaps settings',
        'plant create secrets ',
        'plant get deployments.apps/scale any',
        'plant update deployments.apps/scale any',
      ]);
      const rules = {
        plant: grantedRules(await own.run('auth can-i --list')),
        elsewhere: grantedRules(await own.in('elsewhere').run('auth can-i --list')),
      };
      const listed = probes.filter(({ namespace, verb, resource, name }) =>
        isGranted(rules[namespace as keyof typeof rules], verb, resource, name),
      );
      expect(listed.map(told)).toEqual(allowed);
      const administrators = await kubectl.run(`auth can-i --list --as ${USER}`);
      expect(grantedRules(administrators)).toEqual(rules.plant);
    });

    it('is told by kubectl auth can-i', async () => {
      const canI = async (question: string) => (await own.attempt(`auth can-i ${question}`)).stdout.trim();
      expect(await canI('get configmaps/settings')).toBe('yes');
      expect(await canI('get configmaps/other')).toBe('no');
      expect(await canI('get configmaps')).toBe('no');
      expect(await canI('get pods')).toBe('yes');
      expect(await canI('get pods --subresource=log')).toBe('no');
      expect(await canI('list pods --all-namespaces')).toBe('no');
      expect(await canI('update deployments.apps --subresource=scale')).toBe('yes');
      expect(await canI('get /version')).toBe('yes');
      expect(await canI('get /metrics')).toBe('no');
    });

    it('works with kubectl as far as it goes', async () => {
      expect(await own.run('auth whoami -o jsonpath={.status.userInfo.username}')).toBe(USER);
      expect(await own.run('get pods -o name')).toBe('pod/program\n');
      const patch = ['patch', 'configmap', 'settings', '-p', '{"data":{"color":"red"}}'];
      expect(await own.run(patch)).toBe('configmap/settings patched\n');
      expect(await own.run('create secret generic made --from-literal=a=b')).toBe('secret/made created\n');
      expect(await own.attempt('get secret made')).toMatchObject({
        code: 1,
        stderr: `Error from server (Forbidden): secrets "made" ${cannot('get', 'secrets', '', IN_PLANT)}\n`,
      });
      expect(await own.in('elsewhere').attempt('get pods')).toMatchObject({
        code: 1,
        stderr: `Error from server (Forbidden): pods ${cannot('list', 'pods', '', 'in the namespace "elsewhere"')}\n`,
      });
    });

    it('gives nobody more than it has', async () => {
      await kubectl.run('create role binder --verb=create,get,patch --resource=rolebindings,roles');
      await kubectl.run('create rolebinding binder --role=binder --serviceaccount=plant:default');
      const grab = await own.attempt('create role grab --verb=get --resource=secrets');
      expect(grab.stderr).toContain(
        'roles.rbac.authorization.k8s.io "grab" is forbidden: user "system:serviceaccount:plant:default"',
      );
      expect(grab.stderr).toContain('is attempting to grant RBAC permissions not currently held:');
      expect((await own.attempt('create rolebinding grab --clusterrole=cluster-admin --user=me')).code).toBe(1);
      expect(await own.run('create role share --verb=get --resource=pods')).toContain('created');
    });

    it('ends with the binding', async () => {
      await kubectl.run('delete rolebinding operator');
      expect(await ask([{ method: 'GET', path: PODS }])).toMatchObject([{ status: 403 }]);
    });
  });

  it('is renewed in its file before it expires', async () => {
    type Claims = { iat: number; exp: number };
    // An exec on Podman 4.3 was seen to end without output.
    const claims = async () => {
      const [, encoded] = (await mounted('token')).split('.');
      return encoded === undefined ? undefined : (JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Claims);
    };
    // No client may ask for less than ten minutes.
    await k2d.stop();
    const file = join(k2d.config.dataPath, 'objects/pods/plant/program');
    const stored = await readFile(file, 'utf8');
    const shortened = stored.replace('"expirationSeconds": 3607', '"expirationSeconds": 30');
    expect(shortened).not.toBe(stored);
    await writeFile(file, shortened);
    await k2d.start();
    const short = async () => {
      const found = await claims();
      return found && found.exp - found.iat === 30 ? found : undefined;
    };
    const first = await eventually('the token is a short one', short);
    const later = async () => {
      const found = await claims();
      return found && found.iat > first.iat ? found : undefined;
    };
    const second = await eventually('there is another token', later);
    expect(second.iat).toBeLessThan(first.exp);
    expect(await ask([{ method: 'GET', path: '/version' }])).toMatchObject([{ status: 200 }]);
  });
});
