import { configMap, deployment } from './manifests.ts';
import { tell } from './stories.ts';

/** `kubectl apply` and `diff`, on either side. What is owned by whom: server-side-apply.test.ts. */

const set = (name: string) => ({ labels: { set: name } });
const one = (name: string, value: string) => configMap(`${name}-one`, { a: value }, set(name));
const both = (name: string) => [one(name, '1'), configMap(`${name}-two`, { a: '1' }, set(name))];

/** As `--prune` alone looks through kinds that are not served yet. */
const ALLOWED = '--prune-allowlist=core/v1/ConfigMap --prune-allowlist=core/v1/Secret';
const APPLY_SETS = { KUBECTL_APPLYSET: 'true' };

tell('apply', [
  {
    name: 'on the client side',
    steps: [
      { run: 'apply -f -', input: both('c'), prints: 'configmap/c-one created\nconfigmap/c-two created\n' },
      { run: 'apply -f -', input: both('c'), prints: 'configmap/c-one unchanged\nconfigmap/c-two unchanged\n' },
      { run: 'apply -f -', input: [one('c', '2')], prints: 'configmap/c-one configured\n' },
      {
        run: 'apply view-last-applied configmap c-one',
        prints: /^apiVersion: v1\ndata:\n  a: "2"\nkind: ConfigMap\nmetadata:\n  annotations: \{\}\n/,
      },
      {
        run: 'apply -f - --dry-run=server',
        input: [one('c', '3')],
        prints: 'configmap/c-one configured (server dry run)\n',
      },
      { run: 'apply -f - --dry-run=client', input: [one('c', '3')], prints: 'configmap/c-one configured (dry run)\n' },
      { run: 'apply set-last-applied -f -', input: [one('c', '4')], prints: 'configmap/c-one configured\n' },
      { run: 'get configmap c-one -o jsonpath={.data.a}', prints: '2' },
      { run: 'apply -f -', input: [configMap('c-one', {})], prints: 'configmap/c-one configured\n' },
      { run: 'get configmap c-one -o jsonpath={.data}{.metadata.labels}', prints: '' },
    ],
  },
  {
    name: 'to what was made otherwise',
    steps: [
      { run: 'create configmap made --from-literal=a=b' },
      {
        run: 'apply -f -',
        input: [configMap('made', { c: 'd' })],
        prints: 'configmap/made configured\n',
        says: /^Warning: resource configmaps\/made is missing the kubectl\.kubernetes\.io\/last-applied-configuration annotation/,
      },
      { run: 'get configmap made -o jsonpath={.data}', prints: '{"a":"b","c":"d"}' },
    ],
  },
  {
    name: 'on the server side',
    steps: [
      {
        run: 'apply --server-side -f -',
        input: [deployment('web')],
        prints: 'deployment.apps/web serverside-applied\n',
      },
      {
        run: 'apply --server-side -f -',
        input: [deployment('web')],
        prints: 'deployment.apps/web serverside-applied\n',
      },
      {
        run: 'apply --server-side --field-manager=other -f -',
        input: [deployment('web', { replicas: 0, minReadySeconds: 1 })],
        prints: 'deployment.apps/web serverside-applied\n',
      },
      {
        run: 'apply --server-side --field-manager=third -f -',
        input: [deployment('web', { minReadySeconds: 2 })],
        ends: 1,
        says: /^error: Apply failed with 1 conflict: conflict with "other": \.spec\.minReadySeconds\nPlease review the fields above/,
      },
      {
        run: 'apply --server-side --force-conflicts --field-manager=third -f -',
        input: [deployment('web', { minReadySeconds: 2 })],
        prints: 'deployment.apps/web serverside-applied\n',
      },
      { run: 'get deployment web -o jsonpath={.spec.minReadySeconds}', prints: '2' },
    ],
  },
  {
    name: 'and prunes by label',
    steps: [
      { run: 'apply -f -', input: both('p') },
      {
        run: `apply -f - --prune -l set=p ${ALLOWED} --dry-run=server`,
        input: [one('p', '1')],
        prints: 'configmap/p-one unchanged (server dry run)\nconfigmap/p-two pruned (server dry run)\n',
        says: /^/,
      },
      {
        run: `apply -f - --prune -l set=p ${ALLOWED}`,
        input: [one('p', '1')],
        prints: 'configmap/p-one unchanged\nconfigmap/p-two pruned\n',
        says: /^/,
      },
      { run: 'get configmaps -l set=p -o name', prints: 'configmap/p-one\n' },
    ],
  },
  {
    name: 'and prunes a set',
    steps: [
      {
        run: 'apply -f - --prune --applyset=mine',
        env: APPLY_SETS,
        input: both('s'),
        prints: 'configmap/s-one created\nconfigmap/s-two created\n',
      },
      {
        run: 'apply -f - --prune --applyset=mine',
        env: APPLY_SETS,
        input: [one('s', '2')],
        prints: 'configmap/s-one configured\nconfigmap/s-two pruned\n',
      },
      {
        run: 'get secret mine -o jsonpath={.metadata.labels}',
        prints: /^\{"applyset\.kubernetes\.io\/id":"applyset-[\w-]+-v1"\}$/,
      },
    ],
  },
  {
    name: 'with differences shown before',
    steps: [
      { run: 'apply -f -', input: [one('d', '1')] },
      { run: 'diff -f -', input: [one('d', '1')], prints: '' },
      {
        run: 'diff -f -',
        input: [one('d', '2')],
        ends: 1,
        prints:
          /^diff -u -N \S+\/v1\.ConfigMap\.%ns\.d-one \S+\n--- .*\n\+\+\+ .*\n@@ -1,6 \+1,6 @@\n apiVersion: v1\n data:\n-  a: "1"\n\+  a: "2"\n kind: ConfigMap\n/,
      },
      { run: 'diff --server-side -f -', input: [configMap('d-new', {})], ends: 1, prints: /^\+kind: ConfigMap$/m },
      { run: 'get configmap d-new', ends: 1, says: /NotFound/ },
    ],
  },
  {
    name: 'refuses what the kind does not know',
    steps: [
      {
        run: 'apply -f -',
        input: [{ ...configMap('x', {}), dato: {} }],
        ends: 1,
        says: /strict decoding error: unknown field "dato"\n$/,
      },
      { run: 'apply -f -', input: [configMap('x', {})] },
      {
        run: 'apply -f -',
        input: [{ ...configMap('x', {}), dato: {} }],
        ends: 1,
        says: /^The request is invalid: patch: Invalid value: "map\[(data:map\[\] )?dato:map\[\] metadata:map\[annotations:map\[kubectl\.kubernetes\.io\/last-applied-configuration:.*": strict decoding error: unknown field "dato"\n$/s,
      },
      {
        run: 'apply -f - --validate=warn',
        input: [{ ...configMap('x', {}), dato: {} }],
        prints: 'configmap/x configured\n',
        says: 'Warning: unknown field "dato"\n',
      },
      {
        run: 'apply -f -',
        input: [{ apiVersion: 'v1', kind: 'Fly', metadata: { name: 'x' } }],
        ends: 1,
        says: 'error: resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "Fly" in version "v1"\nensure CRDs are installed first\n',
      },
    ],
  },
]);
