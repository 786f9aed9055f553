/** For `-f -`. */
export const configMap = (name: string, data: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

const template = (name: string): object => ({
  metadata: { labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'busybox:1.35', command: ['sleep', '1000'] }],
  },
});

/** Without pods unless told otherwise: most of what clients do with a Deployment needs none. */
export const deployment = (name: string, spec: object = {}, metadata: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name }, ...metadata },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: template(name),
    ...spec,
  },
});

/** One that runs: kubectl shows its pods. */
export const replicationController = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name },
  spec: {
    replicas: 1,
    template: template(name),
  },
});
