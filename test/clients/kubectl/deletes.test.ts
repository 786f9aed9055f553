import { configMap, deployment } from './manifests.ts';
import { type Step, tell } from './stories.ts';

/** `kubectl delete`, which names the namespace from 1.34 on, and `wait`. */

const deleted = (what: string, name: string, more = ''): RegExp =>
  new RegExp(`^${what} "${name}" deleted( from %ns namespace)?${more}\n$`);
/** As the tests always name a namespace, kubectl reminds of what it does not apply to. */
const CLUSTER_SCOPED = /^(Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n)?$/;
const rolledOut = (name: string): Step => ({
  run: `rollout status deployment/${name} --timeout=100s`,
  prints: /successfully rolled out\n$/,
});
const replicaSets = (name: string, prints: string | RegExp): Step => ({
  run: `get replicasets -l app=${name} -o name`,
  prints,
});

tell('deletes', [
  {
    name: 'in the background',
    steps: [
      { run: 'create -f -', input: [deployment('back', { replicas: 1 })] },
      rolledOut('back'),
      { run: 'delete deployment back', prints: deleted('deployment.apps', 'back') },
      { run: 'wait --for=delete pod -l app=back --timeout=100s', prints: /^/ },
      replicaSets('back', ''),
    ],
  },
  {
    name: 'in the foreground, after all that depends on it',
    steps: [
      { run: 'create -f -', input: [deployment('front', { replicas: 1 })] },
      rolledOut('front'),
      {
        run: 'delete deployment front --cascade=foreground --timeout=100s',
        prints: deleted('deployment.apps', 'front'),
      },
      replicaSets('front', ''),
      { run: 'get pods -l app=front -o name', prints: '' },
    ],
  },
  {
    name: 'without what depends on it',
    steps: [
      { run: 'create -f -', input: [deployment('orphans', { replicas: 1 })] },
      rolledOut('orphans'),
      { run: 'delete deployment orphans --cascade=orphan', prints: deleted('deployment.apps', 'orphans') },
      replicaSets('orphans', /^replicaset\.apps\/orphans-\w+\n$/),
      { run: 'get replicasets -l app=orphans -o jsonpath={.items[*].metadata.ownerReferences}', prints: '' },
      { run: 'delete replicaset -l app=orphans --cascade=orphan', prints: /^replicaset\.apps "orphans-\w+" deleted/ },
      { run: 'get pods -l app=orphans -o name', prints: /^pod\/orphans-\w+-\w+\n$/ },
      { run: 'delete pods -l app=orphans --now', prints: /^pod "orphans-\w+-\w+" deleted/ },
    ],
  },
  {
    name: 'one, some and all',
    steps: [
      {
        run: 'create -f -',
        input: ['a', 'b', 'c', 'd'].map((name) => configMap(name, {}, { labels: { set: 'many', name } })),
      },
      { run: 'delete configmap a --dry-run=server', prints: deleted('configmap', 'a', ' \\(server dry run\\)') },
      { run: 'delete configmap a --dry-run=client', prints: deleted('configmap', 'a', ' \\(dry run\\)') },
      { run: 'delete configmap a -o name', prints: 'configmap/a\n' },
      { run: 'delete -f -', input: [configMap('b', {})], prints: deleted('configmap', 'b') },
      { run: 'delete configmap -l set=many,name=c', prints: deleted('configmap', 'c') },
      {
        run: 'delete --raw /api/v1/namespaces/%ns/configmaps/d',
        prints: /^\{"kind":"Status","apiVersion":"v1".*"status":"Success"|^\{.*"status":"Success".*\}/,
      },
      { run: 'create secret generic s' },
      { run: 'delete secrets --all --wait=false', prints: deleted('secret', 's') },
    ],
  },
  {
    name: 'nothing',
    steps: [
      { run: 'delete configmap none', ends: 1, says: 'Error from server (NotFound): configmaps "none" not found\n' },
      { run: 'delete configmap none --ignore-not-found', prints: '' },
      { run: 'delete configmaps -l none=x', prints: 'No resources found\n' },
      { run: 'delete configmap', ends: 1, says: 'error: resource(s) were provided, but no name was specified\n' },
      {
        run: 'delete configmap none --cascade=fly',
        ends: 1,
        says: 'error: invalid cascade value (fly). Must be "background", "foreground", or "orphan"\n',
      },
    ],
  },
  {
    name: 'a namespace with all in it',
    steps: [
      { run: 'create namespace %ns-gone' },
      { run: 'create configmap x -n %ns-gone' },
      {
        run: 'delete namespace %ns-gone --timeout=100s',
        prints: 'namespace "%ns-gone" deleted\n',
        says: CLUSTER_SCOPED,
      },
      {
        run: 'get configmap x -n %ns-gone',
        ends: 1,
        says: 'Error from server (NotFound): namespaces "%ns-gone" not found\n',
      },
    ],
  },
  {
    name: 'waits',
    steps: [
      { run: 'create -f -', input: [deployment('awaited'), configMap('awaited', { a: 'b' })] },
      {
        run: 'wait --for=condition=Available deployment/awaited --timeout=100s',
        prints: 'deployment.apps/awaited condition met\n',
      },
      {
        run: 'wait --for=condition=Available=false deployment/awaited --timeout=1s',
        ends: 1,
        says: /error: timed out waiting for the condition on deployments\/awaited\n$/,
      },
      { run: 'wait --for=jsonpath={.data.a}=b configmap/awaited', prints: 'configmap/awaited condition met\n' },
      {
        run: 'wait --for=jsonpath={.data.a} configmap/awaited',
        since: '1.32',
        prints: 'configmap/awaited condition met\n',
      },
      {
        run: 'wait --for=create configmap/awaited --timeout=100s',
        since: '1.32',
        prints: 'configmap/awaited condition met\n',
      },
      {
        run: 'wait --for=delete configmap/awaited --timeout=1s',
        ends: 1,
        says: /error: timed out waiting for the condition on configmaps\/awaited\n$/,
      },
      { run: 'wait --for=delete configmap/none --timeout=100s', prints: '' },
      { run: 'wait --for=condition=Ready pod -l none=x', ends: 1, says: 'error: no matching resources found\n' },
      {
        run: 'wait --for=condition=Ready configmap/none',
        ends: 1,
        says: 'Error from server (NotFound): configmaps "none" not found\n',
      },
    ],
  },
]);
