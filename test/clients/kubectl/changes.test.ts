import { configMap, deployment } from './manifests.ts';
import { type Step, type Story, tell } from './stories.ts';

/** `kubectl patch`, `edit`, `replace` and `set`. */

const patch = (what: string, change: unknown, ...flags: string[]): readonly string[] => [
  'patch',
  ...what.split(' '),
  ...flags,
  '-p',
  JSON.stringify(change),
];
const shows = (what: string, path: string, prints: string): Step => ({
  run: ['get', ...what.split(' '), '-o', `jsonpath=${path}`],
  prints,
});
const patched = 'deployment.apps/web patched\n';

const patches: Story[] = [
  {
    name: 'patches of each type',
    steps: [
      { run: 'create -f -', input: [deployment('web')] },
      {
        run: patch('deployment web', {
          spec: { template: { spec: { containers: [{ name: 'second', image: 'busybox:1.35' }] } } },
        }),
        prints: patched,
      },
      shows('deployment web', '{.spec.template.spec.containers[*].name}', 'second main'),
      {
        run: patch(
          'deployment web',
          { spec: { template: { spec: { containers: [{ $patch: 'delete', name: 'second' }] } } } },
          '--type=strategic',
        ),
        prints: patched,
      },
      shows('deployment web', '{.spec.template.spec.containers[*].name}', 'main'),
      { run: patch('deployment web', { spec: { minReadySeconds: 3, paused: null } }, '--type=merge'), prints: patched },
      {
        run: patch(
          'deployment web',
          [
            { op: 'test', path: '/spec/minReadySeconds', value: 3 },
            { op: 'remove', path: '/spec/minReadySeconds' },
          ],
          '--type=json',
        ),
        prints: patched,
      },
      shows('deployment web', '{.spec.minReadySeconds}', ''),
    ],
  },
  {
    name: 'patches of subresources',
    steps: [
      { run: 'create -f -', input: [deployment('sub', { paused: true })] },
      {
        run: patch('deployment sub', { spec: { replicas: 2 } }, '--subresource=scale', '--type=merge'),
        prints: 'scale.autoscaling/sub patched\n',
      },
      shows('deployment sub', '{.spec.replicas}', '2'),
      {
        run: patch(
          'deployment sub',
          { spec: { replicas: 7 }, status: { collisionCount: 4 } },
          '--subresource=status',
          '--type=merge',
        ),
        prints: 'deployment.apps/sub patched\n',
      },
      shows('deployment sub', '{.spec.replicas} {.status.collisionCount}', '2 4'),
      { run: 'delete deployment sub --wait=false' },
    ],
  },
  {
    name: 'patches that cannot be',
    steps: [
      { run: 'create configmap fixed --from-literal=n=1' },
      {
        run: patch('configmap fixed', [{ op: 'test', path: '/data/n', value: '2' }], '--type=json'),
        ends: 1,
        says: 'The request is invalid: : testing value /data/n failed: test failed\n',
      },
      {
        run: patch('configmap fixed', [{ op: 'remove', path: '/data/z' }], '--type=json'),
        ends: 1,
        says: /^The request is invalid: : remove operation does not apply: doc is missing key: \/data\/z: missing value\n$/,
      },
      {
        run: 'patch configmap fixed -p {',
        ends: 1,
        says: 'Error from server (BadRequest): unexpected end of JSON input\n',
      },
      {
        run: 'patch configmap fixed --type=merge -p {',
        ends: 1,
        says: 'Error from server (BadRequest): error decoding patch: unexpected end of JSON input\n',
      },
      {
        run: patch('configmap fixed', { data: 3 }),
        ends: 1,
        says: /^The request is invalid: patch: Invalid value: "map\[data:3\]": /,
      },
      // Of what no controller writes to: else something may have changed in between.
      { run: patch('configmap fixed', { data: { n: '1' } }), prints: 'configmap/fixed patched (no change)\n' },
      {
        run: patch('configmap none', {}),
        ends: 1,
        says: 'Error from server (NotFound): configmaps "none" not found\n',
      },
      {
        run: patch('configmap fixed', { dato: 3 }),
        prints: 'configmap/fixed patched (no change)\n',
        says: 'Warning: unknown field "dato"\n',
      },
    ],
  },
];

const edits: Story[] = [
  {
    name: 'edits',
    steps: [
      { run: 'create configmap text --from-literal=a=hello' },
      { run: 'edit configmap text', env: { KUBE_EDITOR: 'true' }, says: 'Edit cancelled, no changes made.\n' },
      { run: 'edit configmap text', env: { KUBE_EDITOR: 'sed -i s/hello/hallo/' }, prints: 'configmap/text edited\n' },
      shows('configmap text', '{.data.a}', 'hallo'),
      {
        run: 'edit configmap text -o json',
        env: { KUBE_EDITOR: 'sed -i s/hallo/hullo/' },
        prints: /^\{\n    "apiVersion": "v1",\n    "data": \{\n        "a": "hullo"\n/,
      },
      shows('configmap text', '{.data.a}', 'hullo'),
      { run: 'create -f -', input: [deployment('counted', { paused: true })] },
      { run: 'wait --for=jsonpath={.status.observedGeneration}=1 deployment/counted --timeout=100s' },
      {
        run: 'edit deployment counted --subresource=status',
        since: '1.32',
        env: { KUBE_EDITOR: "sed -i 's/^status:/status:\\n  collisionCount: 4/'" },
        prints: 'deployment.apps/counted edited\n',
      },
      { ...shows('deployment counted', '{.status.collisionCount}', '4'), since: '1.32' },
    ],
  },
  {
    name: 'replaces',
    steps: [
      { run: 'create configmap old --from-literal=a=1' },
      { run: 'replace -f -', input: [configMap('old', { b: '2' })], prints: 'configmap/old replaced\n' },
      shows('configmap old', '{.data}', '{"b":"2"}'),
      {
        run: 'replace -f -',
        input: [configMap('old', {}, { resourceVersion: '1' })],
        ends: 1,
        says: 'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on configmaps "old": the object has been modified; please apply your changes to the latest version and try again\n',
      },
      {
        run: 'replace --force -f -',
        input: [configMap('old', { c: '3' })],
        prints: /^configmap "old" deleted.*\nconfigmap\/old replaced\n$/,
      },
      {
        run: 'replace -f -',
        input: [configMap('none', {})],
        ends: 1,
        says: 'Error from server (NotFound): error when replacing "STDIN": configmaps "none" not found\n',
      },
    ],
  },
];

const set: Story = {
  name: 'sets',
  steps: [
    { run: 'create -f -', input: [deployment('set')] },
    { run: 'create configmap given --from-literal=level=3' },
    { run: 'create service clusterip chosen --tcp=80' },
    { run: 'create serviceaccount robot' },
    { run: 'create rolebinding bound --clusterrole=view --user=u' },
    { run: 'set image deployment/set main=busybox:2', prints: 'deployment.apps/set image updated\n' },
    { run: 'set image deployment/set main=busybox:2', prints: '' },
    { run: 'set image deployment/set nope=x', ends: 1, says: 'error: unable to find container named "nope"\n' },
    { run: 'set env deployment/set A=b', prints: 'deployment.apps/set env updated\n' },
    { run: 'set env deployment/set --list', prints: '# Deployment set, container main\nA=b\n' },
    { run: 'set env deployment/set A-', prints: 'deployment.apps/set env updated\n' },
    {
      run: 'set env --from=configmap/given deployment/set',
      prints: 'deployment.apps/set env updated\n',
      says: 'Warning: key level transferred to LEVEL\n',
    },
    {
      run: 'set resources deployment/set --limits=cpu=100m --requests=cpu=10m',
      prints: 'deployment.apps/set resource requirements updated\n',
    },
    { run: 'set serviceaccount deployment/set robot', prints: 'deployment.apps/set serviceaccount updated\n' },
    { run: 'set selector service chosen x=y', prints: 'service/chosen selector updated\n' },
    {
      run: 'set subject rolebinding bound --user=v --serviceaccount=%ns:robot',
      prints: 'rolebinding.rbac.authorization.k8s.io/bound subjects updated\n',
    },
    shows(
      'deployment set',
      '{.spec.template.spec.serviceAccountName} {.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].resources}',
      'robot busybox:2 {"limits":{"cpu":"100m"},"requests":{"cpu":"10m"}}',
    ),
    shows(
      'deployment set',
      '{.spec.template.spec.containers[0].env}',
      '[{"name":"LEVEL","valueFrom":{"configMapKeyRef":{"key":"level","name":"given"}}}]',
    ),
    shows('service/chosen', '{.spec.selector}', '{"x":"y"}'),
    shows('rolebinding/bound', '{.subjects[*].name}', 'u v robot'),
  ],
};

tell('changes', [...patches, ...edits, set]);
