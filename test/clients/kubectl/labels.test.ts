import { configMap, deployment } from './manifests.ts';
import { tell } from './stories.ts';

/** `kubectl label` and `annotate`. */

tell(
  'labels',
  [
    {
      name: 'labels',
      steps: [
        { run: 'label deployment web x=y', prints: 'deployment.apps/web labeled\n' },
        { run: 'label deployment web x=y', prints: 'deployment.apps/web not labeled\n' },
        {
          run: 'label deployment web x=z',
          ends: 1,
          says: "error: 'x' already has a value (y), and --overwrite is false\n",
        },
        { run: 'label --overwrite deployment/web x=z', prints: 'deployment.apps/web labeled\n' },
        { run: 'label deployment web --list', prints: /^(app=web\nx=z|x=z\napp=web)\n$/ },
        { run: 'label deployment web x-', prints: 'deployment.apps/web unlabeled\n' },
        { run: 'label deployment web x-', prints: 'label "x" not found.\ndeployment.apps/web not labeled\n' },
        { run: 'get deployment web -o jsonpath={.metadata.labels}', prints: '{"app":"web"}' },
      ],
    },
    {
      name: 'labels all that a selector finds',
      steps: [
        { run: 'label configmaps -l set=x found=yes', prints: 'configmap/one labeled\nconfigmap/two labeled\n' },
        { run: 'get configmaps -l found=yes,name!=none -o name', prints: 'configmap/one\nconfigmap/two\n' },
      ],
    },
    {
      name: 'refuses labels that are none, and changes of what has changed',
      steps: [
        {
          run: ['label', 'configmap', 'one', 'bad key=v'],
          ends: 1,
          says: /^The ConfigMap "one" is invalid: metadata\.labels: Invalid value: "bad key": name part must consist of/,
        },
        {
          run: 'label configmap one z=1 --resource-version=1',
          ends: 1,
          says: 'Error from server (Conflict): Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again\n',
        },
        {
          run: 'label configmap none z=1',
          ends: 1,
          says: 'Error from server (NotFound): configmaps "none" not found\n',
        },
      ],
    },
    {
      name: 'annotates',
      steps: [
        { run: 'annotate configmap two note=a', prints: /^configmap\/two annotated?\n$/ },
        {
          run: 'annotate configmap two note=b',
          ends: 1,
          says: "error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (a)\n",
        },
        { run: 'annotate --overwrite configmap two note=b', prints: /^configmap\/two annotated?\n$/ },
        { run: 'get configmap two -o jsonpath={.metadata.annotations.note}', prints: 'b' },
        { run: 'annotate configmap two note-', prints: /^configmap\/two annotated?\n$/ },
        { run: 'get configmap two -o jsonpath={.metadata.annotations.note}', prints: '' },
      ],
    },
  ],
  [
    {
      run: 'apply -f -',
      input: [
        configMap('one', {}, { labels: { set: 'x' } }),
        configMap('two', {}, { labels: { set: 'x' } }),
        deployment('web'),
      ],
    },
  ],
);
