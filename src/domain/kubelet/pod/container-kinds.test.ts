import { expect, test } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { fieldPathOf } from './container-kinds.ts';

const pod: Pod = {
  spec: {
    initContainers: [{ name: 'first' }, { name: 'beside', restartPolicy: 'Always' }],
    containers: [{ name: 'web' }],
    ephemeralContainers: [{ name: 'debugger' }],
  },
};

test.each([
  ['first', 'spec.initContainers{first}'],
  ['beside', 'spec.initContainers{beside}'],
  ['web', 'spec.containers{web}'],
  ['debugger', 'spec.ephemeralContainers{debugger}'],
])('events of %s are about %s', (name, path) => expect(fieldPathOf(pod, name)).toBe(path));
