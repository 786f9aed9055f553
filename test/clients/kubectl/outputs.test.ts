import { configMap, deployment } from './manifests.ts';
import { tell } from './stories.ts';

/** `kubectl get` in each of its formats. */

const AGE = '\\d+[smh]\\S*';
const rows = (...lines: string[]): RegExp =>
  new RegExp(`^${lines.join('\\n')}\\n$`.replaceAll(/ +/g, ' +').replaceAll('AGE#', AGE));
const get = (what: string, prints: string | RegExp) => ({ run: `get ${what}`, prints });

const labelled = { labels: { set: 'x' } };
const services = ['a', 'b'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, ...labelled },
  spec: {
    selector: { app: name },
    ports: [{ port: name === 'a' ? 90 : 80 }],
    type: name === 'a' ? 'ClusterIP' : 'NodePort',
  },
}));

tell(
  'outputs',
  [
    {
      name: 'tables',
      steps: [
        get('configmaps one', rows('NAME DATA AGE', 'one 2 AGE#')),
        get('configmaps one --no-headers', rows('one 2 AGE#')),
        get('configmaps one --show-kind', rows('NAME DATA AGE', 'configmap/one 2 AGE#')),
        get('configmaps one --show-labels', rows('NAME DATA AGE LABELS', 'one 2 AGE# set=x')),
        get('configmaps -l set -L set,nope', rows('NAME DATA AGE SET NOPE', 'one 2 AGE# x ', 'two 0 AGE# x ')),
        get(
          'configmap/one service/a',
          rows(
            'NAME DATA AGE',
            'configmap/one 2 AGE#',
            '',
            'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT\\(S\\) AGE',
            'service/a ClusterIP \\S+ <none> 90/TCP AGE#',
          ),
        ),
        get(
          'deployment web -o wide',
          rows(
            'NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR',
            'web 0/0 0 0 AGE# main busybox:1.35 app=web',
          ),
        ),
        get(
          'services -o wide',
          rows(
            'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT\\(S\\) AGE SELECTOR',
            'a ClusterIP \\S+ <none> 90/TCP AGE# app=a',
            'b NodePort \\S+ <none> 80:\\d+/TCP AGE# app=b',
          ),
        ),
        get('configmaps one --server-print=false', rows('NAME AGE', 'one AGE#')),
        get('deployment web --subresource=scale', rows('NAME DESIRED AVAILABLE AGE', 'web 0 0 AGE#')),
        get('deployment web --subresource=status', rows('NAME READY UP-TO-DATE AVAILABLE AGE', 'web 0/0 0 0 AGE#')),
        get('all', /^NAME[^]*\nservice\/a [^]*\nNAME[^]*\ndeployment.apps\/web [^]*\nNAME[^]*\nreplicaset.apps\/web-/),
        get(
          'configmaps -A --field-selector=metadata.name=one,metadata.namespace=%ns',
          rows('NAMESPACE NAME DATA AGE', '%ns one 2 AGE#'),
        ),
        get('nodes', /^NAME +STATUS +ROLES +AGE +VERSION\n\S+ +Ready +control-plane +\S+ +v1\.35\.\S+\n$/),
        get('namespace %ns', rows('NAME STATUS AGE', '%ns Active AGE#')),
      ],
    },
    {
      name: 'documents',
      steps: [
        get(
          'configmap one -o yaml',
          /^apiVersion: v1\ndata:\n  a: b\n  c: d\nkind: ConfigMap\nmetadata:\n  creationTimestamp: "\S+Z"\n  labels:\n    set: x\n  name: one\n  namespace: %ns\n  resourceVersion: "\d+"\n  uid: [0-9a-f-]{36}\n$/,
        ),
        get(
          'configmap one -o json',
          /^\{\n    "apiVersion": "v1",\n    "data": \{\n        "a": "b",\n        "c": "d"\n    \},\n    "kind": "ConfigMap",\n/,
        ),
        get(
          'configmaps -l set -o json',
          /^\{\n    "apiVersion": "v1",\n    "items": \[\n[^]*\n    \],\n    "kind": "List",\n    "metadata": \{\n        "resourceVersion": ""\n    \}\n\}\n$/,
        ),
        get('configmap one -o json --show-managed-fields', /"managedFields": \[/),
        get(
          'deployment web --subresource=scale -o yaml',
          /^apiVersion: autoscaling\/v1\nkind: Scale\n[^]*\nspec: \{\}\nstatus:\n  replicas: 0\n  selector: app=web\n$|\nspec:\n  replicas: 0\nstatus:\n  replicas: 0\n  selector: app=web\n$/,
        ),
        {
          run: 'get configmap one -o kyaml',
          prints: /^---\n\{\n  apiVersion: "v1",\n  data: \{\n    a: "b",\n/,
          since: '1.35',
        },
      ],
    },
    {
      name: 'values',
      steps: [
        get('configmaps -l set -o name', 'configmap/one\nconfigmap/two\n'),
        get('all -o name -l set', 'service/a\nservice/b\n'),
        get('configmap one -o jsonpath={.data.a}', 'b'),
        get('configmap one -o jsonpath-as-json={.data}', '[\n    {\n        "a": "b",\n        "c": "d"\n    }\n]\n'),
        {
          run: [
            'get',
            'configmaps',
            '-l',
            'set',
            '-o',
            'jsonpath={range .items[*]}{.metadata.name}:{.data.a}{"\\n"}{end}',
          ],
          prints: 'one:b\ntwo:\n',
        },
        {
          run: ['get', 'configmaps', '-l', 'set', '-o', 'go-template={{range .items}}{{.metadata.name}};{{end}}'],
          prints: 'one;two;',
        },
        get('configmaps -l set -o custom-columns=NAME:.metadata.name,A:.data.a', 'NAME   A\none    b\ntwo    <none>\n'),
        get(
          'configmaps -l set --sort-by={.metadata.creationTimestamp} -o name',
          /^configmap\/(one|two)\nconfigmap\/(one|two)\n$/,
        ),
        get('services --sort-by=.spec.ports[0].port', /^NAME .*\nb .*\na .*\n$/),
        get('configmaps -l set --chunk-size=1 -o name', 'configmap/one\nconfigmap/two\n'),
        get('services --field-selector=spec.type=NodePort -o name', 'service/b\n'),
        get('--raw /api/v1/namespaces/%ns/configmaps/one', /"data":\{"a":"b","c":"d"\}/),
        get('--raw /healthz', 'ok'),
        get('--raw /readyz?verbose', /^(\[\+\]\S+ ok\n)+readyz check passed\n$/),
      ],
    },
    {
      name: 'nothing and nonsense',
      steps: [
        { run: 'get pods', says: 'No resources found in %ns namespace.\n', prints: '' },
        { run: 'get pod nope --ignore-not-found', prints: '' },
        { run: 'get configmap nope', ends: 1, says: 'Error from server (NotFound): configmaps "nope" not found\n' },
        {
          run: 'get configmap one nope',
          ends: 1,
          prints: /^NAME .*\none .*\n$/,
          says: 'Error from server (NotFound): configmaps "nope" not found\n',
        },
        { run: 'get flies', ends: 1, says: 'error: the server doesn\'t have a resource type "flies"\n' },
        {
          run: 'get --raw /nope',
          ends: 1,
          says: 'Error from server (NotFound): the server could not find the requested resource\n',
        },
        {
          run: 'get services --field-selector=foo=x',
          ends: 1,
          says: 'Error from server (BadRequest): Unable to find "/v1, Resource=services" that match label selector "", field selector "foo=x": field label not supported: foo\n',
        },
        {
          run: 'get configmap one --subresource=status',
          ends: 1,
          says: 'Error from server (NotFound): the server could not find the requested resource\n',
        },
        {
          run: 'get configmap one -o nope',
          ends: 1,
          says: /^error: unable to match a printer suitable for the output format "nope", allowed formats are: /,
        },
      ],
    },
    {
      name: 'watches',
      steps: [
        get('configmap one -w --request-timeout=5s', rows('NAME DATA AGE', 'one 2 AGE#')),
        get(
          'configmap one -w --output-watch-events --request-timeout=5s',
          rows('EVENT NAME DATA AGE', 'ADDED one 2 AGE#'),
        ),
        get(
          'configmap one -w --output-watch-events -o json --request-timeout=5s',
          /^\{"type":"ADDED","object":\{"apiVersion":"v1","data":/,
        ),
        get('configmap one --watch-only --request-timeout=5s', ''),
      ],
    },
  ],
  [
    {
      run: 'apply -f - --server-side',
      input: [
        configMap('one', { a: 'b', c: 'd' }, labelled),
        configMap('two', {}, labelled),
        deployment('web'),
        ...services,
      ],
    },
    { run: 'wait --for=jsonpath={.status.observedGeneration}=1 deployment/web --timeout=100s' },
  ],
);
