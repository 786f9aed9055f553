import { join } from 'node:path';
import { BUSYBOX } from '../../integration/pods.ts';
import { tell } from './stories.ts';

/** `kubectl -k`: an overlay with generators, patches and a component. */

const folder = (name: string) => join(import.meta.dirname, 'kustomize', name);
const plant = folder('plant');

const deploymentIs = (path: string, prints: string) => ({
  run: `get deployment plant-web -o jsonpath=${path}`,
  prints,
});

tell('kustomize', [
  {
    name: 'applies an overlay, and again',
    steps: [
      {
        run: `apply -k ${plant}`,
        prints:
          /^configmap\/plant-settings-\w+ created\nsecret\/plant-access-\w+ created\nservice\/plant-web created\ndeployment.apps\/plant-web created\n$/,
      },
      { run: 'rollout status deployment/plant-web --timeout=100s', prints: /successfully rolled out\n$/ },
      deploymentIs('{.spec.replicas}{.spec.strategy.type}', '1Recreate'),
      deploymentIs('{.spec.selector.matchLabels}', '{"part":"web","plant":"north"}'),
      deploymentIs('{.metadata.annotations.patched}', 'by-operations'),
      deploymentIs('{.spec.template.spec.containers[0].image}', BUSYBOX),
      {
        run: ['exec', 'deployment/plant-web', '--', 'sh', '-c', 'echo "$speed $colour"'],
        prints: 'fast blue\n',
        since: '1.30',
      },
      {
        run: 'get secret -l plant=north -o jsonpath={.items[0].data}',
        prints: /^\{"password.txt":"c2VjcmV0[\w=]+"\}$/,
      },
      {
        run: `apply -k ${plant}`,
        prints:
          /^configmap\/plant-settings-\w+ unchanged\nsecret\/plant-access-\w+ unchanged\nservice\/plant-web unchanged\ndeployment.apps\/plant-web (unchanged|configured)\n$/,
      },
      { run: `diff -k ${plant}`, prints: '' },
      { run: `get -k ${plant} -o name`, prints: /^configmap\/plant-settings-[^]*\ndeployment.apps\/plant-web\n$/ },
      { run: `delete -k ${plant}`, prints: /^configmap "plant-settings-\w+" deleted[^]*"plant-web" deleted/ },
      { run: 'get deployments,services,configmaps,secrets -l plant=north -o name', prints: '' },
    ],
  },
  {
    name: 'previews',
    steps: [
      { run: `kustomize ${plant}`, prints: /^apiVersion: v1\ndata:\n  colour: blue\n  speed: fast\nkind: ConfigMap\n/ },
      {
        run: `apply -k ${folder('base')} --server-side --dry-run=server`,
        prints:
          /^configmap\/settings-\w+ serverside-applied \(server dry run\)\nservice\/web serverside-applied \(server dry run\)\ndeployment.apps\/web serverside-applied \(server dry run\)\n$/,
      },
      { run: 'get deployment web --ignore-not-found', prints: '' },
    ],
  },
]);
