import { beforeAll, describe, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { engines } from './engines.ts';
import { deviceCases } from './pod-fields/device-cases.ts';
import { configurationCases } from './pod-fields/configuration-cases.ts';
import { downwardCases } from './pod-fields/downward-cases.ts';
import { emptyDirCases } from './pod-fields/empty-dir-cases.ts';
import { environmentCases } from './pod-fields/environment-cases.ts';
import { withHostFolder } from './pod-fields/host-folder.ts';
import { podNameOf, type FieldCase } from './pod-fields/field-case.ts';
import { lifecycleCases } from './pod-fields/lifecycle-cases.ts';
import { namingCases } from './pod-fields/naming-cases.ts';
import { networkCases } from './pod-fields/network-cases.ts';
import { objectCases } from './pod-fields/object-cases.ts';
import { probeCases } from './pod-fields/probe-cases.ts';
import { processCases } from './pod-fields/process-cases.ts';
import { securityCases } from './pod-fields/security-cases.ts';
import { resizeCases } from './pod-fields/resize-cases.ts';
import { restartCases } from './pod-fields/restart-cases.ts';
import { SeenPod } from './pod-fields/seen-pod.ts';
import { volumeCases } from './pod-fields/volume-cases.ts';
import { pod } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const tables: Readonly<Record<string, readonly FieldCase[]>> = {
  processes: processCases,
  lifecycle: lifecycleCases,
  environment: environmentCases,
  volumes: volumeCases,
  probes: probeCases,
  security: securityCases,
  devices: deviceCases,
  configuration: configurationCases,
  downward: downwardCases,
  'empty-dir': emptyDirCases,
  objects: objectCases,
  resize: resizeCases,
  restart: restartCases,
};

describe.each(engines)('the fields of a pod on $kind', (engine) => {
  const k2d = useK2d(engine, 'fields');

  const all = { ...tables, naming: namingCases(engine), networks: networkCases(engine) };

  describe.each(Object.entries(all))('%s', (area, cases) => {
    let kubectl: Kubectl;
    beforeAll(async () => {
      kubectl = await k2d.namespace(`fields-${area}`);
    });

    for (const fieldCase of cases) {
      const why = fieldCase.cannot?.[engine.kind];
      const attempt = why === undefined ? it.concurrent : it.skip;
      attempt(why === undefined ? fieldCase.field : `${fieldCase.field}: ${why}`, async ({ onTestFinished }) => {
        const name = podNameOf(fieldCase);
        const { metadata = {}, spec, objects = [], until = 'Succeeded', shows, prepare } = fieldCase;
        const undo = await prepare?.();
        onTestFinished(async () => undo?.());
        await withHostFolder(fieldCase, async (folder) => {
          const made = pod(name, typeof spec === 'function' ? spec(folder) : spec, metadata);
          await kubectl.run('apply -f -', { input: [...objects, made] });
          const seen = new SeenPod(name, engine, kubectl);
          await seen.until(`is ${until}`, ({ status }) => status?.phase === until);
          await shows(seen, folder);
          await kubectl.run(['delete', 'pod', name, '--wait=false', '--ignore-not-found']);
        });
      });
    }
  });
});
