import { casesIn, testsIn, together, type ConformanceTable } from './conformance-table.ts';

const environment = casesIn('environment');
const lifecycle = casesIn('lifecycle');
const naming = casesIn('naming');
const objects = casesIn('object');
const probes = casesIn('probe');
const processes = casesIn('process');
const resizing = casesIn('resize');
const restarts = casesIn('restart');
const security = casesIn('security');
const pods = testsIn('test/kubernetes-conformance/objects.test.ts');
const volumes = casesIn('volume');

const life = testsIn('test/integration/pod-life.test.ts');
const permissions = testsIn('test/integration/permissions.test.ts');
const streams = testsIn('test/integration/exec.test.ts');
const stories = testsIn('test/clients/kubectl/workloads.test.ts');
const classes = testsIn('test/kubernetes-conformance/runtime-classes.test.ts');

const madeByItself = { except: 'the pod is made by itself, not by a ReplicationController' };
const notOnEachEngine = { except: 'on Podman only: Docker mounts images from version 28 on' };

const node: ConformanceTable = {
  'ConfigMap should be consumable as environment variable names with various prefixes':
    environment('spec.containers.envFrom'),
  'ConfigMap should be consumable via environment variable': environment(
    'spec.containers.env.valueFrom.configMapKeyRef',
  ),
  'ConfigMap should be consumable via the environment': environment('spec.containers.envFrom'),

  'Container Lifecycle Hook when create a pod with lifecycle hook should execute poststart exec hook properly':
    lifecycle('spec.containers.lifecycle.postStart.exec'),
  'Container Lifecycle Hook when create a pod with lifecycle hook should execute poststart http hook properly':
    lifecycle('spec.containers.lifecycle.postStart.httpGet'),
  'Container Lifecycle Hook when create a pod with lifecycle hook should execute prestop exec hook properly': lifecycle(
    'spec.containers.lifecycle.preStop.exec',
  ),
  'Container Lifecycle Hook when create a pod with lifecycle hook should execute prestop http hook properly': lifecycle(
    'spec.containers.lifecycle.preStop.httpGet',
  ),
  'PreStop should call prestop when killing a pod': lifecycle('spec.containers.lifecycle.preStop.httpGet'),

  'Container Runtime blackbox test on terminated container should report termination message as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set':
    lifecycle('spec.containers.terminationMessagePolicy (of one that ends well)'),
  'Container Runtime blackbox test on terminated container should report termination message from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set':
    lifecycle('spec.containers.terminationMessagePolicy (with a file)'),
  'Container Runtime blackbox test on terminated container should report termination message from log output if TerminationMessagePolicy FallbackToLogsOnError is set':
    lifecycle('spec.containers.terminationMessagePolicy'),
  'Container Runtime blackbox test on terminated container should report termination message if TerminationMessagePath is set as non-root user and at a non-default path':
    lifecycle('spec.containers.terminationMessagePath'),
  'Container Runtime blackbox test when starting a container that exits should run with the expected status': together(
    restarts('spec.restartPolicy (Always)'),
    lifecycle('spec.restartPolicy (OnFailure)'),
    restarts('spec.restartPolicy (Never)'),
  ),

  "Containers should be able to override the image's default arguments (container cmd)": processes(
    'spec.containers.command (none: what the image says)',
  ),
  "Containers should be able to override the image's default command (container entrypoint)": processes(
    'spec.containers.command (none: what the image says)',
  ),
  "Containers should be able to override the image's default command and arguments": processes(
    'spec.containers.command (none: what the image says)',
  ),
  'Containers should use the image defaults if command and args are blank': processes(
    'spec.containers.command (none: what the image says)',
  ),

  "Downward API should provide container's limits.cpu/memory and requests.cpu/memory as env vars": environment(
    'spec.containers.env.valueFrom.resourceFieldRef',
  ),
  'Downward API should provide default limits.cpu/memory from node allocatable': environment(
    'spec.containers.env.valueFrom.resourceFieldRef (without limits)',
  ),
  'Downward API should provide host IP as an env var': environment('spec.containers.env.valueFrom.fieldRef'),
  'Downward API should provide hostIPs as an env var': environment('spec.containers.env.valueFrom.fieldRef'),
  'Downward API should provide pod UID as env vars': environment('spec.containers.env.valueFrom.fieldRef'),
  'Downward API should provide pod name, namespace and IP address as env vars': environment(
    'spec.containers.env.valueFrom.fieldRef',
  ),

  'Ephemeral Containers should update the ephemeral containers in an existing pod': objects(
    'spec.ephemeralContainers (two, by updates)',
  ),
  'Ephemeral Containers will start an ephemeral container in an existing pod': life(
    'kubectl debug joins a running pod, with a terminal',
  ),
  'ImageVolume should succeed with pod and pull policy of Always [MinimumKubeletVersion:1.35]': {
    ...volumes('spec.volumes.image'),
    ...notOnEachEngine,
  },

  'InitContainer should invoke init containers on a RestartAlways pod': life(
    'two init containers, a sidecar and three containers share localhost and a folder',
  ),
  'InitContainer should invoke init containers on a RestartNever pod': lifecycle('spec.initContainers'),
  'InitContainer should not start app containers and fail the pod if init containers fail on a RestartNever pod':
    lifecycle('spec.initContainers (that fails)'),
  'InitContainer should not start app containers if init containers fail on a RestartAlways pod': restarts(
    'spec.initContainers (that always fails)',
  ),

  'Kubelet when scheduling a busybox command in a pod should print the output to logs':
    processes('spec.containers.command'),
  'Kubelet when scheduling a busybox command that always fails in a pod should be possible to delete': restarts(
    'spec.containers.command (that always fails)',
  ),
  'Kubelet when scheduling a busybox command that always fails in a pod should have an terminated reason': restarts(
    'spec.containers.command (that always fails)',
  ),
  'Kubelet when scheduling a read only busybox container should not write to root filesystem': security(
    'spec.containers.securityContext.readOnlyRootFilesystem',
  ),
  'Kubelet when scheduling an agnhost Pod with hostAliases should write entries to /etc/hosts':
    naming('spec.hostAliases'),
  'KubeletManagedEtcHosts should test kubelet managed /etc/hosts file': naming('spec.hostNetwork (and /etc/hosts)'),

  'Pod InPlace Resize Container burstable pods - extended 6 containers - various operations performed (including adding limits and requests) [MinimumKubeletVersion:1.34]':
    resizing('spec.containers.resources (some are added)'),
  'Pod InPlace Resize Container burstable pods - extended resize with equivalents [MinimumKubeletVersion:1.34]':
    resizing('spec.containers.resources (other words for the same)'),
  'Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase cpu & mem on c1, c2, decrease cpu & mem on c3 - net increase [MinimumKubeletVersion:1.34]':
    resizing('spec.containers.resources (two of three grow)'),
  'Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase cpu & mem on c1, decrease cpu & mem on c2, c3 - net decrease [MinimumKubeletVersion:1.34]':
    resizing('spec.containers.resources (two of three shrink)'),
  'Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase: CPU (c1,c3), memory (c2, c3) ; decrease: CPU (c2) [MinimumKubeletVersion:1.34]':
    resizing('spec.containers.resources (some grow, others shrink)'),
  'Pod InPlace Resize Container resize pod via the replace endpoint [MinimumKubeletVersion:1.34]': resizing(
    'spec.containers.resources (replaced)',
  ),

  'Pods Extended (pod generation) Pod Generation custom-set generation on new pods and graceful delete':
    objects('metadata.generation'),
  'Pods Extended (pod generation) Pod Generation issue 500 podspec updates and verify generation and observedGeneration eventually converge [MinimumKubeletVersion:1.34]':
    objects('status.observedGeneration'),
  'Pods Extended (pod generation) Pod Generation pod generation should start at 1 and increment per update [MinimumKubeletVersion:1.34]':
    objects('metadata.generation'),
  'Pods Extended Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu':
    objects('status.qosClass'),

  'Pods should allow activeDeadlineSeconds to be updated': lifecycle('spec.activeDeadlineSeconds (set later)'),
  'Pods should be submitted and removed': objects('metadata (watched to its end)'),
  'Pods should be updated': objects('metadata (watched to its end)'),
  'Pods should contain environment variables for services': environment('spec.enableServiceLinks'),
  'Pods should delete a collection of pods': objects('metadata.labels (of several that are deleted together)'),
  'Pods should get a host IP': environment('spec.containers.env.valueFrom.fieldRef'),
  'Pods should patch a pod status': objects('status (patched)'),
  'Pods should run through the lifecycle of Pods and PodStatus': together(
    objects('metadata (watched to its end)'),
    objects('metadata.labels (of several that are deleted together)'),
  ),
  'Pods should support remote command execution over websockets': streams('write to channels of a WebSocket'),
  'Pods should support retrieving logs from the container over websockets': streams('have logs over a WebSocket'),

  'Probing container should *not* be restarted with a /healthz http liveness probe': probes(
    'spec.containers.livenessProbe (of one that is well)',
  ),
  'Probing container should *not* be restarted with a GRPC liveness probe': probes(
    'spec.containers.livenessProbe.grpc (of one that serves)',
  ),
  'Probing container should *not* be restarted with a exec "cat /tmp/health" liveness probe': probes(
    'spec.containers.livenessProbe (of one that is well)',
  ),
  'Probing container should *not* be restarted with a tcp:8080 liveness probe': probes(
    'spec.containers.livenessProbe (of one that is well)',
  ),
  'Probing container should be restarted with a /healthz http liveness probe': probes(
    'spec.containers.livenessProbe.httpGet',
  ),
  'Probing container should be restarted with a GRPC liveness probe': probes('spec.containers.livenessProbe.grpc'),
  'Probing container should be restarted with a exec "cat /tmp/health" liveness probe': probes(
    'spec.containers.livenessProbe.exec',
  ),
  'Probing container should have monotonically increasing restart count': {
    ...restarts('spec.containers.livenessProbe (again and again)'),
    except: 'three restarts, not five: each takes twice as long as the one before',
  },
  'Probing container with readiness probe should not be ready before initial delay and never restart': probes(
    'spec.containers.readinessProbe.initialDelaySeconds',
  ),
  'Probing container with readiness probe that fails should never be ready and never restart': probes(
    'spec.containers.readinessProbe.failureThreshold (that is passed at once)',
  ),

  'RuntimeClass should reject a Pod requesting a deleted RuntimeClass': classes(
    'a pod of a class that does not exist, or no longer, is refused',
  ),
  'RuntimeClass should reject a Pod requesting a non-existent RuntimeClass': classes(
    'a pod of a class that does not exist, or no longer, is refused',
  ),
  'RuntimeClass should schedule a Pod requesting a RuntimeClass and initialize its Overhead': classes(
    'a pod of a class is taken by the node, with the overhead of the class',
  ),
  'RuntimeClass should schedule a Pod requesting a RuntimeClass without PodOverhead': classes(
    'a pod of a class is taken by the node, with the overhead of the class',
  ),

  'Secrets should be consumable as environment variable names variable names with various prefixes':
    environment('spec.containers.envFrom'),
  'Secrets should be consumable from pods in env vars': environment('spec.containers.env.valueFrom.configMapKeyRef'),
  'Secrets should be consumable via the environment': environment('spec.containers.envFrom'),

  'Security Context When creating a container with runAsUser should run the container with uid 65534': security(
    'spec.containers.securityContext.runAsUser (nobody)',
  ),
  'Security Context When creating a pod with privileged should run the container as unprivileged when false': security(
    'spec.containers.securityContext.privileged (false)',
  ),
  'Security Context When creating a pod with readOnlyRootFilesystem should run the container with writable rootfs when readOnlyRootFilesystem=false':
    security('spec.containers.securityContext.readOnlyRootFilesystem (false)'),
  'Security Context should support container.SecurityContext.RunAsUser And container.SecurityContext.RunAsGroup':
    security('spec.containers.securityContext.runAsUser'),
  'Security Context should support pod.Spec.SecurityContext.RunAsUser And pod.Spec.SecurityContext.RunAsGroup':
    security('spec.securityContext.runAsUser'),
  'Security Context when creating containers with AllowPrivilegeEscalation should not allow privilege escalation when false':
    security('spec.containers.securityContext.allowPrivilegeEscalation'),
  'Sysctls should reject invalid sysctls': pods('a pod sets no parameters of the kernel whose names are none'),
  'Sysctls should support sysctls [Environment:NotInUserNS]': security('spec.securityContext.sysctls'),

  'Variable Expansion should allow composing env vars into new env vars': environment(
    'spec.containers.env.valueFrom.configMapKeyRef',
  ),
  "Variable Expansion should allow substituting values in a container's args": processes(
    'spec.containers.args (with variables)',
  ),
  "Variable Expansion should allow substituting values in a container's command": processes(
    'spec.containers.command (with variables)',
  ),
  'Variable Expansion should allow substituting values in a volume subpath': volumes(
    'spec.containers.volumeMounts.subPathExpr',
  ),
  'Variable Expansion should fail substituting values in a volume subpath with absolute path': volumes(
    'spec.containers.volumeMounts.subPathExpr (absolute)',
  ),
  'Variable Expansion should fail substituting values in a volume subpath with backticks': volumes(
    'spec.containers.volumeMounts.subPathExpr (going up)',
  ),
  'Variable Expansion should succeed in writing subpaths in container': volumes(
    'spec.containers.volumeMounts.subPathExpr',
  ),
  'Variable Expansion should verify that a failing subpath expansion can be modified during the lifecycle of a container':
    volumes('spec.containers.volumeMounts.subPathExpr (mended later)'),
};

const ofSig = (sig: string, table: ConformanceTable): ConformanceTable =>
  Object.fromEntries(Object.entries(table).map(([name, counterpart]) => [`[${sig}] ${name}`, counterpart]));

/** Tests of what becomes of a pod on its node. */
export const kubelet: ConformanceTable = {
  ...ofSig('sig-node', node),
  ...ofSig('sig-auth', {
    'ServiceAccounts ServiceAccountIssuerDiscovery should support OIDC discovery of service account issuer':
      permissions('can be checked by what the issuer publishes'),
    'ServiceAccounts should allow opting out of API token automount': testsIn(
      'src/domain/admission/service-account.test.ts',
    )('serviceAccount', 'lets the pod overrule the account'),
    'ServiceAccounts should mount an API token into pods': permissions('comes with the authority and the namespace'),
    'ServiceAccounts should mount projected service account token': volumes('spec.volumes.projected'),
  }),
  ...ofSig('sig-cli', {
    'Kubectl client Kubectl describe should check if kubectl describe prints relevant information for rc and pods':
      together(
        stories('runs a pod, tells about it and removes it'),
        stories('rolls out, back and anew'),
        stories('exposes'),
        stories('describes what does not run'),
        stories('makes, describes, scales and stops a ReplicationController'),
      ),
    'Kubectl client Kubectl label should update the label on a resource': stories(
      'labels, annotates and filters the logs of a pod that runs',
    ),
    'Kubectl client Kubectl patch should add annotations for pods in rc': {
      ...stories('labels, annotates and filters the logs of a pod that runs'),
      ...madeByItself,
    },
    "Kubectl client Kubectl replace should update a single-container pod's image": objects(
      'spec.containers.image (replaced with the whole object)',
    ),
    'Kubectl client Kubectl run pod should create a pod from an image when restart is Never': stories(
      'runs a pod, tells about it and removes it',
    ),
    'Kubectl logs logs should be able to retrieve and filter logs': stories(
      'labels, annotates and filters the logs of a pod that runs',
    ),
  }),
};
