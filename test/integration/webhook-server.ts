import { K2D_IMAGE } from './k2d.ts';
import { busybox, deployment } from './pods.ts';
import type { ForeignCertificate } from './foreign-certificate.ts';

/** What answers reviews at each path; every question is printed as one line. */
const SERVER = `
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
const read = (name) => readFileSync('/tls/' + name);
const labelsOf = ({ object, oldObject }) => (object ?? oldObject).metadata?.labels ?? {};
const patch = (operations) => ({ patchType: 'JSONPatch', patch: btoa(JSON.stringify(operations)) });
const judges = {
  '/judge': (request) => labelsOf(request).color === 'green'
    ? { allowed: false, status: { code: 403, reason: 'Forbidden', message: 'green is out of stock' } }
    : { allowed: true, warnings: ['paint dries slowly'] },
  '/keep': () => ({ allowed: false, status: { message: 'it is still needed' } }),
  '/scale': ({ object }) => ({ allowed: object.spec.replicas < 3, status: { message: 'two are enough' } }),
  '/paint': ({ object }) => ({
    allowed: true,
    ...patch([
      ...(object.metadata.labels ? [] : [{ op: 'add', path: '/metadata/labels', value: {} }]),
      { op: 'add', path: '/metadata/labels/painted', value: 'yes' },
    ]),
  }),
  '/equip': () => ({
    allowed: true,
    ...patch([{ op: 'add', path: '/spec/containers/0/env', value: [{ name: 'TOOL', value: 'brush' }] }]),
  }),
};
const server = createServer({ cert: read('tls.crt'), key: read('tls.key') }, (incoming, outgoing) => {
  let body = '';
  incoming.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => {
    const { request } = JSON.parse(body);
    const { operation, kind, namespace, name, dryRun, object } = request;
    const { pathname, search } = new URL(incoming.url, 'https://any');
    console.log([pathname + search, operation, kind.version, kind.kind, namespace + '/' + name,
      'dryRun=' + dryRun, object?.apiVersion].join(' '));
    const response = judges[pathname]?.(request);
    // Nobody judges at other paths: whoever asks waits.
    if (!response) return;
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(JSON.stringify({
      apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: request.uid, ...response },
    }));
  });
});
server.listen(8443);
process.once('SIGTERM', () => process.exit());
`;

/** A server of admission webhooks that runs in a pod, behind a Service of the name. */
export const webhookServer = (name: string, { cert, key }: ForeignCertificate): object[] => [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'server.mjs': SERVER } },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 443, targetPort: 'https' }] },
  },
  deployment(name, {
    containers: [
      busybox('', {
        image: K2D_IMAGE,
        command: ['node', '/server/server.mjs'],
        ports: [{ name: 'https', containerPort: 8443 }],
        readinessProbe: { tcpSocket: { port: 'https' }, periodSeconds: 1 },
        volumeMounts: [
          { name: 'server', mountPath: '/server' },
          { name: 'tls', mountPath: '/tls' },
        ],
      }),
    ],
    volumes: [
      { name: 'server', configMap: { name } },
      { name: 'tls', secret: { secretName: name } },
    ],
  }),
];

type WebhookKind = 'Validating' | 'Mutating';

/** Asks the server at the path about ConfigMaps that are made or changed, unless `fields` say otherwise. */
export const webhookConfiguration = (
  kind: WebhookKind,
  name: string,
  clientConfig: object,
  fields: object = {},
): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name },
  webhooks: [
    {
      name: `${name}.acme.io`,
      clientConfig,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      rules: [webhookRule('', ['v1'], ['configmaps'])],
      ...fields,
    },
  ],
});

export const webhookRule = (
  group: string,
  apiVersions: string[],
  resources: string[],
  operations = ['CREATE', 'UPDATE'],
): object => ({ apiGroups: [group], apiVersions, resources, operations });
