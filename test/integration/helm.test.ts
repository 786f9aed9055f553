import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Helm } from '../clients/helm.ts';
import { helmVersions } from '../clients/kubectl-binary.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import { engines } from './engines.ts';
import { useK2d } from './use-k2d.ts';

/** Of what popular charts are made of: see there. */
const chart = join(import.meta.dirname, 'charts/line');

/** Every kind that the release is of, without the hooks. */
const KINDS = [
  'configmap/line',
  'daemonset.apps/line-agent',
  'deployment.apps/line',
  'horizontalpodautoscaler.autoscaling/line',
  'ingress.networking.k8s.io/line',
  'networkpolicy.networking.k8s.io/line',
  'persistentvolumeclaim/line',
  'poddisruptionbudget.policy/line',
  'recipe.line.example/line',
  'role.rbac.authorization.k8s.io/line',
  'rolebinding.rbac.authorization.k8s.io/line',
  'secret/line',
  'service/line',
  'service/line-store',
  'serviceaccount/line',
  'statefulset.apps/line-store',
];

/** Long enough for a busy machine; nothing waits that long on another. */
const wait = '--wait --timeout=150s';

describe.each(engines)('Helm on $kind', (engine) => {
  const k2d = useK2d(engine, 'helm');

  describe.each(helmVersions)('%s', (version) => {
    const namespace = `helm-${version}`;
    let helm: Helm;
    let kubectl: Kubectl;
    let home: string;
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'k2d-helm-'));
      const kubeconfig = k2d.config.kubeconfigPath;
      helm = new Helm({ version, kubeconfig, namespace, home });
      kubectl = k2d.kubectl.in(namespace);
    });
    afterAll(async () => {
      await k2d.kubectl.run(`delete namespace ${namespace} --ignore-not-found --timeout=100s`);
      await rm(home, { recursive: true, force: true });
    });

    const atomic = version === '3' ? '--atomic' : '--rollback-on-failure';
    const valueOf = (what: string, path: string) => kubectl.run(['get', ...what.split(' '), '-o', `jsonpath=${path}`]);
    const speed = () => valueOf('configmap line', '{.data.speed}');
    const password = () => valueOf('secret line', '{.data.password}');
    const served = () => kubectl.run('exec deployment/line -- wget -qO- http://line/speed');
    const history = async () => {
      const rows = JSON.parse(await helm.run('history line -o json')) as { revision: number; status: string }[];
      return rows.map(({ revision, status }) => `${revision} ${status}`);
    };
    let firstPassword: string;

    it('installs, and waits for all of it', async () => {
      const said = await helm.run(`install line ${chart} --create-namespace --wait-for-jobs ${wait}`);
      expect(said).toContain('STATUS: deployed');
      expect(said).toContain('The line runs slow, revision 1.');
      expect((await kubectl.run(`get ${KINDS.join(' ')} -o name`)).trim().split('\n')).toEqual(KINDS);
      expect(await served()).toBe('slow');
      expect(await valueOf('recipe line', '{.spec.grams}')).toBe('100');
      expect(await valueOf('pvc line data-line-store-0', '{.items[*].status.phase}')).toBe('Bound Bound');
      expect(await valueOf('job line-import-1', '{.status.succeeded}')).toBe('1');
      expect(await kubectl.run('get configmap line-can-scale -o name')).toBe('configmap/line-can-scale\n');
      expect(await valueOf('role line', '{.metadata.labels.app\\.kubernetes\\.io/managed-by}')).toBe('Helm');
      firstPassword = await password();
    });

    it('has run its hooks in order, and kept what their policies keep', async () => {
      expect(await valueOf('configmap line-plan', '{.data.made}')).toBe('1');
      expect(await kubectl.run('logs job/line-announce')).toBe('announce of revision 1\n');
      expect((await kubectl.attempt('get job line-prepare')).stderr).toContain('not found');
    });

    it('tells what it has', async () => {
      expect(JSON.parse(await helm.run('list -o json'))).toMatchObject([
        { name: 'line', namespace, revision: '1', status: 'deployed', chart: 'line-1.2.0', app_version: '1.35' },
      ]);
      expect(JSON.parse(await helm.run('list --all-namespaces -o json'))).toHaveLength(1);
      expect(JSON.parse(await helm.run('status line -o json'))).toMatchObject({ info: { status: 'deployed' } });
      expect(JSON.parse(await helm.run('get values line -a -o json'))).toMatchObject({ speed: 'slow' });
      expect(await helm.run('get manifest line')).toContain('kind: Ingress');
      expect(await helm.run('get hooks line')).toContain('name: line-farewell');
      expect(await helm.run('get notes line')).toContain('The line runs slow');
      expect(await helm.run('status line')).toContain('STATUS: deployed');
    });

    it('tests', async () => {
      const said = await helm.run('test line --logs --timeout=150s');
      expect(said).toMatch(/TEST SUITE: +line-answers\n[^]*Phase: +Succeeded/);
      expect(said).toContain('POD LOGS: line-answers\nslow');
    });

    it('tries an upgrade on the server, with what it looks up there', async () => {
      const said = await helm.run(`upgrade line ${chart} --set speed=fast --dry-run=server`);
      expect(said).toContain('The line runs fast, revision 2.');
      expect(said).toContain(`password: ${firstPassword}\n`);
      expect(await speed()).toBe('slow');
      expect(await history()).toEqual(['1 deployed']);
    });

    it('upgrades', async () => {
      const pod = () => valueOf('pods -l app.kubernetes.io/name=line', '{.items[*].metadata.uid}');
      const before = await pod();
      await helm.run(`upgrade --install line ${chart} --set speed=fast,broker.enabled=true ${wait}`);
      expect([await speed(), await served()]).toEqual(['fast', 'fast']);
      expect(await pod()).not.toBe(before);
      expect(await valueOf('recipe line', '{.spec.speed}')).toBe('fast');
      expect(await valueOf('configmap line-broker', '{.data.speed}')).toBe('line/speed');
      expect(await kubectl.run('logs job/line-migrate')).toBe('migrate of revision 2\n');
      expect(await kubectl.run('get jobs -o name')).not.toContain('line-import-1');
      // Read on the server, not made anew.
      expect(await password()).toBe(firstPassword);
      expect(await history()).toEqual(['1 superseded', '2 deployed']);
    });

    it('takes back an upgrade that fails', async () => {
      const values = '--reuse-values --set failingHook=check,speed=slow';
      const { code, stderr } = await helm.attempt(`upgrade line ${chart} ${values} ${atomic} --timeout=150s`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/rolled back/)]);
      expect([await speed(), await served()]).toEqual(['fast', 'fast']);
      expect(await history()).toEqual(['1 superseded', '2 superseded', '3 failed', '4 deployed']);
    });

    it('stops at a hook that fails, and says which', async () => {
      const { code, stderr } = await helm.attempt(
        `upgrade line ${chart} --reuse-values --set failingHook=migrate,host=other.example --timeout=150s`,
      );
      expect([code, stderr]).toEqual([1, expect.stringMatching(/pre-upgrade hooks failed/)]);
      expect(await valueOf('ingress line', '{.spec.rules[*].host}')).toBe('line.example');
      expect((await history()).at(-1)).toBe('5 failed');
    });

    it('rolls back to revision 1', async () => {
      await helm.run(`rollback line 1 ${wait}`);
      expect([await speed(), await served()]).toEqual(['slow', 'slow']);
      expect(await valueOf('recipe line', '{.spec.speed}')).toBe('slow');
      expect((await kubectl.attempt('get configmap line-broker')).stderr).toContain('not found');
      expect(await password()).toBe(firstPassword);
      expect(await kubectl.run('logs job/line-undo')).toMatch(/^undo of revision \d\n$/);
      expect((await history()).at(-1)).toBe('6 deployed');
    });

    it('uninstalls, all but what is not its own', async () => {
      expect(await helm.run(`uninstall line ${wait}`)).toContain('release "line" uninstalled');
      expect(await kubectl.run(`get ${KINDS.join(' ')} -o name --ignore-not-found`)).toBe('');
      expect(await kubectl.run('logs job/line-farewell')).toMatch(/^farewell of revision \d\n$/);
      expect(await kubectl.run('get pvc -o name')).toBe('persistentvolumeclaim/data-line-store-0\n');
      expect(await kubectl.run('get crd recipes.line.example -o name')).toContain('recipes.line.example');
      expect(JSON.parse(await helm.run('list --all-namespaces -o json'))).toEqual([]);
      await eventually('its pods are gone', async () =>
        (await kubectl.run('get pods -l app.kubernetes.io/name=line -o name')) === '' ? true : undefined,
      );
    });
  });
});
