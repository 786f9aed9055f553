import { tell } from './stories.ts';

/** `kubectl auth`. */

const robot = '--as=system:serviceaccount:%ns:robot';

tell('access', [
  {
    name: 'who am I',
    steps: [
      {
        run: 'auth whoami',
        since: '1.30',
        prints: /^ATTRIBUTE +VALUE\nUsername +kubernetes-admin\nGroups +\[system:masters system:authenticated\]\n/,
      },
      {
        run: `auth whoami -o jsonpath={.status.userInfo.groups} ${robot}`,
        since: '1.30',
        prints: '["system:serviceaccounts","system:serviceaccounts:%ns","system:authenticated"]',
      },
      // It asks for versions that Kubernetes has left behind.
      {
        run: 'auth whoami',
        until: '1.27',
        ends: 1,
        says: /^error: the selfsubjectreviews API is not enabled in the cluster\n/,
      },
    ],
  },
  {
    name: 'can I, as the administrator',
    steps: [
      { run: 'auth can-i create pods', prints: 'yes\n' },
      { run: 'auth can-i * *', prints: 'yes\n' },
      { run: 'auth can-i get /metrics', prints: 'yes\n' },
      {
        run: 'auth can-i --list',
        prints:
          /^Resources +Non-Resource URLs +Resource Names +Verbs\n\*\.\* +\[\] +\[\] +\[\*\]\n +\[\*\] +\[\] +\[\*\]\n/,
      },
    ],
  },
  {
    name: 'can I, as somebody without a binding',
    steps: [
      { run: 'auth can-i create pods --as=bob', ends: 1, prints: 'no\n' },
      { run: 'auth can-i create pods -q --as=bob', ends: 1, prints: '' },
      { run: 'auth can-i get /metrics --as=bob', ends: 1, prints: 'no\n' },
      { run: 'auth can-i get /version --as=bob', prints: 'yes\n' },
      {
        run: 'get pods --as=bob',
        ends: 1,
        says: 'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "%ns"\n',
      },
      {
        run: 'get nodes --as=bob',
        ends: 1,
        says: 'Error from server (Forbidden): nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope\n',
      },
      {
        run: 'delete configmap x --as=bob',
        ends: 1,
        says: 'Error from server (Forbidden): configmaps "x" is forbidden: User "bob" cannot delete resource "configmaps" in API group "" in the namespace "%ns"\n',
      },
    ],
  },
  {
    name: 'can I, as a service account with a role',
    steps: [
      { run: 'create serviceaccount robot' },
      { run: `auth can-i list deployments.apps ${robot}`, ends: 1, prints: 'no\n' },
      { run: 'create role reader --verb=get,list --resource=deployments.apps,deployments.apps/scale' },
      { run: 'create rolebinding robot --role=reader --serviceaccount=%ns:robot' },
      { run: `auth can-i list deployments.apps ${robot}`, prints: 'yes\n' },
      { run: `auth can-i get deployments.apps --subresource=scale ${robot}`, prints: 'yes\n' },
      { run: `auth can-i list deployments.apps -A ${robot}`, ends: 1, prints: 'no\n' },
      { run: `auth can-i --list ${robot}`, prints: /^deployments\.apps +\[\] +\[\] +\[get list\]$/m },
      { run: `get deployments ${robot}`, prints: '', says: 'No resources found in %ns namespace.\n' },
    ],
  },
  {
    name: 'reconciles roles',
    steps: [
      {
        run: 'auth reconcile -f -',
        input: [
          {
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'Role',
            metadata: { name: 'made', namespace: '%ns' },
            rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
          },
        ],
        prints: 'role.rbac.authorization.k8s.io/made reconciled\n',
        says: /^\treconciliation required create\n\tmissing rules added:\n/,
      },
      { run: 'get role made -o jsonpath={.rules[0].verbs}', prints: '["get"]' },
    ],
  },
]);
