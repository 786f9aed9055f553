import { tell } from './stories.ts';

/** What a person and kubectl itself find out about the server: its kinds, their fields, its version. */

const review = (group: string, kind: string, spec: object): object => ({
  apiVersion: `${group}.k8s.io/v1`,
  kind,
  spec,
});
const may = (verb: string) =>
  review('authorization', 'SelfSubjectAccessReview', { resourceAttributes: { verb, resource: 'pods' } });

tell('discovery', [
  {
    name: 'explains a kind',
    steps: [
      {
        run: 'explain pods',
        prints:
          /^KIND: +Pod\nVERSION: +v1\n\nDESCRIPTION:\n    Pod is a collection of containers[^]*\nFIELDS:\n  apiVersion\t<string>\n[^]*\n  spec\t<PodSpec>\n/,
      },
      { run: 'explain deployments', prints: /^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n/ },
      { run: 'explain flies', ends: 1, says: 'the server doesn\'t have a resource type "flies"\n' },
    ],
  },
  {
    name: 'explains a field at any depth',
    steps: [
      {
        run: 'explain pod.spec.containers',
        prints: /\nFIELDS?: containers <\[\]Container>[^]*\n  image\t<string>\n[^]*\n  name\t<string> -required-\n/,
      },
      {
        run: 'explain pod.spec.containers.livenessProbe.httpGet.port',
        prints: /^KIND: +Pod\nVERSION: +v1\n\nFIELD: port <IntOrString>\n/,
      },
      { run: 'explain pod.spec.volumes.configMap.items.key', prints: /\nFIELD: key <string>/ },
      { run: 'explain pod.metadata.ownerReferences.uid', prints: /\nFIELD: uid <string>/ },
      { run: 'explain pod.spec.nope', ends: 1, prints: /^KIND: +Pod\n/, says: 'error: field "nope" does not exist\n' },
    ],
  },
  {
    name: 'explains recursively, and by the old document',
    steps: [
      {
        run: 'explain deployment.spec.strategy --recursive',
        prints:
          /\nFIELDS:\n  rollingUpdate\t<RollingUpdateDeployment>\n    maxSurge\t<IntOrString>\n    maxUnavailable\t<IntOrString>\n  type\t<string>\n/,
      },
      {
        run: 'explain service --output plaintext-openapiv2',
        prints:
          /^KIND: +Service\nVERSION: +v1\n\nDESCRIPTION:\n +Service is a named abstraction[^]*\nFIELDS:\n +apiVersion\t<string>\n/,
      },
      { run: 'explain deployment --api-version=apps/v1', prints: /^GROUP: +apps\n/ },
    ],
  },
  {
    name: 'lists resources and versions',
    steps: [
      {
        run: 'api-resources',
        prints:
          /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n[^]*^configmaps +cm +v1 +true +ConfigMap\n[^]*^deployments +deploy +apps\/v1 +true +Deployment\n[^]*^storageclasses +sc +storage.k8s.io\/v1 +false +StorageClass\n/m,
      },
      {
        run: 'api-resources -o wide --api-group=apps',
        prints:
          /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND +VERBS +CATEGORIES\n[^]*^deployments +deploy +apps\/v1 +true +Deployment +create,delete,deletecollection,get,list,patch,update,watch +all\n/m,
      },
      {
        run: 'api-resources --namespaced=false --verbs=list,create -o name',
        prints: /^namespaces\nnodes\n(?!pods)[^]*^clusterroles.rbac.authorization.k8s.io\n/m,
      },
      { run: 'api-resources --verbs=fly', prints: /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n$/ },
      { run: 'api-versions', prints: /^admissionregistration.k8s.io\/v1\n[^]*^apps\/v1\n[^]*^v1\n$/m },
    ],
  },
  {
    name: 'knows where and what the server is',
    steps: [
      { run: 'version', prints: /^Client Version: [^]*\nServer Version: .*v1\.35\.\d+\S*k2d/, says: /^/ },
      {
        run: 'version -o json',
        prints: /^\{\n  "clientVersion": \{[^]*\n  "serverVersion": \{\n    "major": "1",\n    "minor": "35",\n/,
        says: /^/,
      },
      { run: 'cluster-info', prints: /Kubernetes control plane.* is running at .*https:\/\/127\.0\.0\.1:\d+/ },
    ],
  },
  {
    name: 'answers reviews that are created',
    steps: [
      { run: 'create -f - -o jsonpath={.status.allowed}', input: [may('get')], prints: 'true' },
      {
        // kubectl itself wants to read CustomResourceDefinitions before it sends what it cannot look up.
        run: 'create -f - -o jsonpath={.status.allowed} --as=nobody --validate=false',
        input: [may('get')],
        prints: 'false',
      },
      {
        run: 'create -f - -o jsonpath={.status.authenticated}{.status.error}',
        input: [review('authentication', 'TokenReview', { token: 'none' })],
        prints: /^(false)?\S/,
      },
      {
        run: 'create -f -',
        input: [may('get')],
        prints: 'selfsubjectaccessreview.authorization.k8s.io/<unknown> created\n',
      },
    ],
  },
  {
    name: 'says that nothing is measured where nothing runs',
    steps: [{ run: 'top pod', says: 'No resources found in %ns namespace.\n' }],
  },
]);
