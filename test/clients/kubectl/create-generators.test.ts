import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { afterAll } from 'vitest';
import { BUSYBOX } from '../../integration/pods.ts';
import { type Story, tell } from './stories.ts';

/** Every `kubectl create NOUN` of kubectl 1.35. */

const folder = mkdtempSync(join(tmpdir(), 'k2d-generators-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const plain = file('plain.txt', 'hello\n');
const variables = file('variables.env', '# a comment\nlevel=3\nname=plant\n');
const { certificate, key } = keyPair();

const makes = (command: string, object: string, path: string, value: string): Story => ({
  name: command.split(' -', 1)[0]!,
  steps: [
    { run: `create ${command}`, prints: `${object} created\n` },
    { run: ['get', object, '-o', `jsonpath=${path}`], prints: value },
  ],
});

const rbac = 'rbac.authorization.k8s.io';
const config = '{.data.\\.dockerconfigjson}';
const login = { auths: { 'r.example': { username: 'u', password: 'p', email: 'e@x', auth: btoa('u:p') } } };

tell('generators', [
  makes(
    'clusterrole %ns-plain --verb=get,list --resource=pods,deployments.apps/scale --resource-name=a',
    `clusterrole.${rbac}/%ns-plain`,
    '{.rules}',
    '[{"apiGroups":[""],"resourceNames":["a"],"resources":["pods"],"verbs":["get","list"]},{"apiGroups":["apps"],"resourceNames":["a"],"resources":["deployments/scale"],"verbs":["get","list"]}]',
  ),
  makes(
    'clusterrole %ns-urls --verb=get --non-resource-url=/logs/*',
    `clusterrole.${rbac}/%ns-urls`,
    '{.rules}',
    '[{"nonResourceURLs":["/logs/*"],"verbs":["get"]}]',
  ),
  makes(
    'clusterrole %ns-sum --aggregation-rule=%ns=yes',
    `clusterrole.${rbac}/%ns-sum`,
    '{.aggregationRule}',
    '{"clusterRoleSelectors":[{"matchLabels":{"%ns":"yes"}}]}',
  ),
  makes(
    'clusterrolebinding %ns --clusterrole=view --user=u --group=g --serviceaccount=%ns:default',
    `clusterrolebinding.${rbac}/%ns`,
    '{.roleRef.name} {.subjects[*].name}',
    'view u g default',
  ),
  {
    name: 'ingress that no controller serves',
    steps: [
      {
        run: 'create ingress web --rule=a.example/=svc:80',
        prints: 'ingress.networking.k8s.io/web created\n',
        says: /^Warning: spec\.ingressClassName: no IngressClass is the default; /,
      },
      {
        run: 'get ingress web -o jsonpath={.spec.rules}',
        prints:
          '[{"host":"a.example","http":{"paths":[{"backend":{"service":{"name":"svc","port":{"number":80}}},"path":"/","pathType":"Exact"}]}}]',
      },
    ],
  },
  makes(
    'poddisruptionbudget few --selector=a=b --min-available=1',
    'poddisruptionbudget.policy/few',
    '{.spec}',
    '{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}',
  ),
  {
    name: 'cronjob daily, and a job of it',
    steps: [
      {
        run: `create cronjob daily --image=${BUSYBOX} --schedule=@daily -- date`,
        prints: 'cronjob.batch/daily created\n',
      },
      { run: 'create job again --from=cronjob/daily', prints: 'job.batch/again created\n' },
      {
        run: ['get', 'job', 'again', '-o', 'jsonpath={.metadata.ownerReferences[0].kind} {.spec.completions}'],
        prints: 'CronJob 1',
      },
    ],
  },
  makes(`job once --image=${BUSYBOX} -- date`, 'job.batch/once', '{.spec.completions} {.spec.backoffLimit}', '1 6'),
  makes('configmap literal --from-literal=a=b', 'configmap/literal', '{.data}', '{"a":"b"}'),
  makes(
    `configmap file --from-file=${plain} --from-file=k=${plain}`,
    'configmap/file',
    '{.data.k}{.data.plain\\.txt}',
    'hello\nhello\n',
  ),
  makes(`configmap env --from-env-file=${variables}`, 'configmap/env', '{.data}', '{"level":"3","name":"plant"}'),
  makes('configmap hashed --from-literal=a=b --append-hash', 'configmap/hashed-4dk9m7dmmg', '{.data}', '{"a":"b"}'),
  makes(
    `deployment web --image=${BUSYBOX} --replicas=0 --port=80`,
    'deployment.apps/web',
    '{.spec.replicas} {.spec.selector.matchLabels} {.spec.template.spec.containers[0].ports}',
    '0 {"app":"web"} [{"containerPort":80,"protocol":"TCP"}]',
  ),
  makes('namespace %ns-other', 'namespace/%ns-other', '{.status.phase}', 'Active'),
  makes(
    'priorityclass %ns --value=10 --description=some --preemption-policy=Never',
    'priorityclass.scheduling.k8s.io/%ns',
    '{.value} {.description} {.preemptionPolicy} {.globalDefault}',
    '10 some Never ',
  ),
  makes(
    'quota much --hard=configmaps=100,pods=100 --scopes=',
    'resourcequota/much',
    '{.spec.hard}',
    '{"configmaps":"100","pods":"100"}',
  ),
  makes('quota best --hard=pods=100 --scopes=BestEffort', 'resourcequota/best', '{.spec.scopes}', '["BestEffort"]'),
  makes(
    'role reader --verb=get --resource=pods --resource=replicasets.apps',
    `role.${rbac}/reader`,
    '{.rules[*].apiGroups} {.rules[*].resources}',
    '[""] ["apps"] ["pods"] ["replicasets"]',
  ),
  makes(
    'rolebinding readers --clusterrole=view --user=u',
    `rolebinding.${rbac}/readers`,
    '{.roleRef}',
    `{"apiGroup":"${rbac}","kind":"ClusterRole","name":"view"}`,
  ),
  makes(
    'secret generic plain --from-literal=a=b --type=my/type',
    'secret/plain',
    '{.type} {.data}',
    `my/type {"a":"${btoa('b')}"}`,
  ),
  makes(
    'secret docker-registry pull --docker-server=r.example --docker-username=u --docker-password=p --docker-email=e@x',
    'secret/pull',
    `{.type} ${config}`,
    `kubernetes.io/dockerconfigjson ${btoa(JSON.stringify(login))}`,
  ),
  makes(`secret tls pair --cert=${certificate} --key=${key}`, 'secret/pair', '{.type}', 'kubernetes.io/tls'),
  makes(
    'service clusterip inner --tcp=80:8080',
    'service/inner',
    '{.spec.type} {.spec.ports}',
    'ClusterIP [{"name":"80-8080","port":80,"protocol":"TCP","targetPort":8080}]',
  ),
  makes(
    'service clusterip names --clusterip=None',
    'service/names',
    '{.spec.clusterIP} {.spec.clusterIPs}',
    'None ["None"]',
  ),
  makes('service nodeport outer --tcp=80', 'service/outer', '{.spec.type} {.spec.ports[0].targetPort}', 'NodePort 80'),
  makes('serviceaccount robot', 'serviceaccount/robot', '{.metadata.name}', 'robot'),
  {
    name: 'services that have no effect yet',
    steps: [
      {
        run: 'create service loadbalancer lb --tcp=80',
        prints: 'service/lb created\n',
        says: /^Warning: spec\.type: .*load balancers/,
      },
      { run: 'get service lb', prints: /^lb +LoadBalancer +\S+ +<pending> +80:\d+\/TCP +\S+$/m },
      {
        run: 'create service externalname ext --external-name=plant.example',
        prints: 'service/ext created\n',
        says: /^Warning: spec\.type: /,
      },
      { run: 'get service ext', prints: /^ext +ExternalName +<none> +plant\.example +<none> +\S+$/m },
    ],
  },
  {
    name: 'token',
    steps: [
      { run: 'create token default --duration=1h', prints: /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/ },
      {
        run: 'create token default --duration=1m',
        ends: 1,
        says: /^error: failed to create token: TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes\n$/,
      },
      {
        run: 'create token nobody',
        ends: 1,
        says: 'error: failed to create token: serviceaccounts "nobody" not found\n',
      },
    ],
  },
  {
    name: 'what is not allowed',
    steps: [
      {
        run: 'create namespace %ns',
        ends: 1,
        says: 'Error from server (AlreadyExists): namespaces "%ns" already exists\n',
      },
      {
        run: 'create configmap Bad --from-literal=a=b',
        ends: 1,
        says: /^error: failed to create configmap: ConfigMap "Bad" is invalid: metadata.name: Invalid value: "Bad": a lowercase RFC 1123 subdomain must/,
      },
      {
        run: 'create secret generic t --type=kubernetes.io/tls',
        ends: 1,
        says: 'error: failed to create secret Secret "t" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]\n',
      },
      {
        run: 'create clusterrole x --verb=get --resource=flies',
        ends: 1,
        says: 'the server doesn\'t have a resource type "flies"\n',
      },
    ],
  },
  {
    name: 'nothing when it is tried only',
    steps: [
      {
        run: 'create configmap dry --from-literal=a=b --dry-run=server',
        prints: 'configmap/dry created (server dry run)\n',
      },
      {
        run: 'create configmap dry --from-literal=a=b --dry-run=server -o yaml',
        prints: /^  creationTimestamp: "20.*\n  name: dry\n  namespace: %ns\n  uid: .*\n$/m,
      },
      { run: 'create configmap dry --from-literal=a=b --dry-run=client -o name', prints: 'configmap/dry\n' },
      { run: 'get configmap dry', ends: 1, says: 'Error from server (NotFound): configmaps "dry" not found\n' },
    ],
  },
]);

function keyPair(): { certificate: string; key: string } {
  const { publicKey, privateKey } = forge.pki.rsa.generateKeyPair(1024);
  const made = forge.pki.createCertificate();
  made.publicKey = publicKey;
  made.validity.notAfter = new Date(Date.now() + 3_600_000);
  made.sign(privateKey, forge.md.sha256.create());
  return {
    certificate: file('tls.crt', forge.pki.certificateToPem(made)),
    key: file('tls.key', forge.pki.privateKeyToPem(privateKey)),
  };
}
