import { BUSYBOX } from '../../integration/pods.ts';
import { deployment, replicationController } from './manifests.ts';
import { type Step, tell } from './stories.ts';

/** Commands about what runs: `run`, `expose`, `scale`, `rollout`, `describe`, `events`, `logs`. */

const rolledOut = (name: string): Step => ({
  run: `rollout status deployment/${name} --timeout=100s`,
  prints: /deployment "\w+" successfully rolled out\n$/,
});

tell('workloads', [
  {
    name: 'runs a pod, tells about it and removes it',
    steps: [
      {
        run: `run once --image=${BUSYBOX} --restart=Never --labels=job=once --env=X=1 --port=80 -- sh -c env`,
        prints: 'pod/once created\n',
      },
      {
        run: 'wait --for=jsonpath={.status.phase}=Succeeded pod/once --timeout=100s',
        prints: 'pod/once condition met\n',
      },
      { run: 'get pod once', prints: /^NAME +READY +STATUS +RESTARTS +AGE\nonce +0\/1 +Completed +0 +\S+\n$/ },
      {
        run: 'get pod once -o wide',
        prints:
          /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\nonce .* <none> +<none>\n$/,
      },
      { run: 'logs once', soon: true, prints: /^X=1$/m },
      {
        run: 'describe pod once',
        soon: true,
        prints:
          /^Name: +once\nNamespace: +%ns\nPriority: +0\nService Account: +default\nNode: +\S+\nStart Time: [^]*\nStatus: +Succeeded\n[^]*\n    State: +Terminated\n      Reason: +Completed\n      Exit Code: +0\n[^]*\nEvents:\n  Type +Reason +Age +From +Message\n/,
      },
      {
        run: 'events --for pod/once',
        soon: true,
        prints: /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n[^]*Normal +Started +Pod\/once +\S/,
      },
      { run: 'events --for pod/once --types=Warning', prints: '', says: 'No events found in %ns namespace.\n' },
      {
        run: 'get events --field-selector=involvedObject.name=once,reason=Started',
        soon: true,
        prints: /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Normal +Started +pod\/once +.*\n$/,
      },
      { run: 'delete pod once', prints: /^pod "once" deleted/ },
    ],
  },
  {
    name: 'labels, annotates and filters the logs of a pod that runs',
    steps: [
      {
        run: [
          'run',
          'lasting',
          `--image=${BUSYBOX}`,
          '--',
          'sh',
          '-c',
          'for i in 1 2 3 4 5; do echo line $i; done; sleep 600',
        ],
        prints: 'pod/lasting created\n',
      },
      { run: 'wait --for=condition=Ready pod/lasting --timeout=100s', prints: 'pod/lasting condition met\n' },
      { run: 'label pod lasting line=four', prints: 'pod/lasting labeled\n' },
      { run: 'get pod lasting -L line --no-headers', prints: /^lasting .* four\n$/ },
      { run: 'label pod lasting line-', prints: 'pod/lasting unlabeled\n' },
      { run: 'get pod lasting -L line --no-headers', prints: /^lasting .*\d+s *\n$/ },
      {
        run: ['patch', 'pod', 'lasting', '-p', '{"metadata":{"annotations":{"x":"y"}}}'],
        prints: 'pod/lasting patched\n',
      },
      { run: 'get pod lasting -o jsonpath={.metadata.annotations.x}', prints: 'y' },
      { run: 'logs lasting', soon: true, prints: 'line 1\nline 2\nline 3\nline 4\nline 5\n' },
      { run: 'logs lasting --tail=1', prints: 'line 5\n' },
      { run: 'logs lasting --limit-bytes=1', prints: 'l' },
      { run: 'logs lasting --tail=1 --timestamps', prints: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z line 5\n$/ },
      { run: 'logs lasting --since=24h', prints: /^line 1\n[^]*line 5\n$/ },
      { run: 'logs lasting --since-time=2100-01-01T00:00:00Z', prints: '' },
      { run: 'delete pod lasting --now --wait=false' },
    ],
  },
  {
    name: 'exposes',
    steps: [
      { run: 'create -f -', input: [deployment('exposed')] },
      {
        run: 'expose deployment exposed --port=80 --target-port=8080 --name=outside --type=NodePort',
        prints: 'service/outside exposed\n',
      },
      {
        run: 'get service outside -o jsonpath={.spec.selector}{.spec.ports[0].targetPort}',
        prints: '{"app":"exposed"}8080',
      },
      {
        run: 'expose deployment exposed --port=80 --name=outside',
        ends: 1,
        says: 'Error from server (AlreadyExists): services "outside" already exists\n',
      },
      {
        run: 'expose deployment none --port=80',
        ends: 1,
        says: 'Error from server (NotFound): deployments.apps "none" not found\n',
      },
      {
        run: 'describe service outside',
        prints: /^Name: +outside\n[^]*\nSelector: +app=exposed\nType: +NodePort\n[^]*\nTargetPort: +8080\/TCP\n/,
        says: /^/,
      },
    ],
  },
  {
    name: 'scales',
    steps: [
      { run: 'create -f -', input: [deployment('scaled', { paused: true })] },
      { run: 'scale deployment scaled --replicas=0', prints: 'deployment.apps/scaled scaled\n' },
      {
        run: 'scale deployment scaled --current-replicas=5 --replicas=1',
        ends: 1,
        says: 'error: Expected replicas to be 5, was 0\n',
      },
      {
        run: 'scale deployment none --replicas=1',
        ends: 1,
        says: /^(error: no objects passed to scale deployments.apps "none" not found|error: no objects passed to scale|Error from server \(NotFound\): deployments.apps "none" not found)\n$/,
      },
    ],
  },
  {
    name: 'makes, describes, scales and stops a ReplicationController',
    steps: [
      { run: 'create -f -', input: [replicationController('demo')], prints: 'replicationcontroller/demo created\n' },
      { run: 'wait --for=jsonpath={.status.readyReplicas}=1 rc/demo --timeout=100s' },
      {
        run: 'describe rc demo',
        soon: true,
        prints:
          /^Name: +demo\nNamespace: +%ns\nSelector: +app=demo\n[^]*\nReplicas: +1 current \/ 1 desired\nPods Status: +1 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed\nPod Template:\n[^]*Normal +SuccessfulCreate +/,
      },
      { run: 'scale rc demo --replicas=2 --timeout=100s', prints: 'replicationcontroller/demo scaled\n' },
      { run: 'wait --for=jsonpath={.status.readyReplicas}=2 rc/demo --timeout=100s' },
      { run: 'scale rc demo --replicas=1 --timeout=100s', prints: 'replicationcontroller/demo scaled\n' },
      { run: 'wait --for=jsonpath={.status.replicas}=1 rc/demo --timeout=100s' },
      { run: 'delete rc demo', prints: /^replicationcontroller "demo" deleted/ },
      { run: 'wait --for=delete pod -l app=demo --timeout=100s' },
    ],
  },
  {
    name: 'autoscales',
    steps: [
      { run: 'create -f -', input: [deployment('auto', { paused: true })] },
      {
        run: 'autoscale deployment auto --min=1 --max=3',
        prints: 'horizontalpodautoscaler.autoscaling/auto autoscaled\n',
      },
      {
        run: 'get hpa auto',
        prints:
          /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nauto +Deployment\/auto +cpu: <unknown>\/80% +1 +3 +/,
      },
      {
        run: 'describe hpa auto',
        prints: /\nReference: +Deployment\/auto\n[^]*\nMin replicas: +1\nMax replicas: +3\n/,
      },
      {
        run: 'get horizontalpodautoscalers.v1.autoscaling auto -o jsonpath={.spec.targetCPUUtilizationPercentage}',
        prints: '80',
      },
    ],
  },
  {
    name: 'rolls out, back and anew',
    steps: [
      { run: 'create -f -', input: [deployment('rolled', { replicas: 1 })] },
      rolledOut('rolled'),
      {
        run: 'rollout history deployment rolled',
        prints: 'deployment.apps/rolled \nREVISION  CHANGE-CAUSE\n1         <none>\n\n',
      },
      { run: 'rollout restart deployment rolled', prints: 'deployment.apps/rolled restarted\n' },
      rolledOut('rolled'),
      {
        run: 'rollout history deployment rolled --revision=2',
        prints:
          /^deployment.apps\/rolled with revision #2\nPod Template:\n  Labels:\tapp=rolled\n\tpod-template-hash=\w+\n  Annotations:\tkubectl.kubernetes.io\/restartedAt: /,
      },
      { run: 'rollout undo deployment rolled', prints: 'deployment.apps/rolled rolled back\n' },
      rolledOut('rolled'),
      {
        run: 'rollout undo deployment rolled --to-revision=9',
        ends: 1,
        says: 'error: unable to find specified revision 9 in history\n',
      },
      { run: 'rollout pause deployment rolled', prints: 'deployment.apps/rolled paused\n' },
      { run: 'rollout pause deployment rolled', ends: 1, says: 'error: deployments.apps "rolled" is already paused\n' },
      { run: 'rollout resume deployment rolled', prints: 'deployment.apps/rolled resumed\n' },
      {
        run: 'describe deployment rolled',
        soon: true,
        prints:
          /^Name: +rolled\n[^]*\nReplicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable\n[^]*Scaled up replica set rolled-\w+ from 0 to 1\n/,
      },
      { run: 'delete deployment rolled --wait=false' },
    ],
  },
  {
    name: 'describes what does not run',
    steps: [
      { run: 'create configmap told --from-literal=a=b' },
      {
        run: 'describe configmap told',
        prints: /^Name: +told\nNamespace: +%ns\nLabels: +<none>\nAnnotations: +<none>\n\nData\n====\na:\n----\nb\n/,
      },
      { run: 'create quota limits --hard=secrets=5' },
      {
        run: 'describe namespace %ns',
        prints:
          /^Name: +%ns\nLabels: +kubernetes.io\/metadata.name=%ns\nAnnotations: +<none>\nStatus: +Active\n\nResource Quotas\n/,
      },
      {
        run: 'describe node',
        prints: /^Name: [^]*\nConditions:\n  Type +Status [^]*\n  Ready +True [^]*\nNon-terminated Pods: /,
      },
      {
        run: 'describe clusterrole view',
        prints: /^Name: +view\n[^]*\nPolicyRule:\n  Resources +Non-Resource URLs +Resource Names +Verbs\n/,
      },
      { run: 'describe configmap none', ends: 1, says: 'Error from server (NotFound): configmaps "none" not found\n' },
    ],
  },
]);
