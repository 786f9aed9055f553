import { expect, test } from 'vitest';
import type { Container, Pod } from '../../meta/types.ts';
import { asksImage, containerUser } from './container-user.ts';

type Context = NonNullable<Container['securityContext']>;

const of = (own: Context, shared: Context = {}, imageUser = '') => {
  const pod: Pod = {
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    spec: { containers: [], securityContext: shared as NonNullable<Pod['spec']>['securityContext'] & object },
  };
  return containerUser(pod, { name: 'c', securityContext: own }, imageUser);
};

test.each<[Context, Context, string, string | undefined]>([
  [{}, {}, 'nobody', undefined],
  [{ runAsUser: 7 }, {}, '', '7'],
  [{ runAsUser: 7 }, { runAsUser: 8, runAsGroup: 9 }, '', '7:9'],
  [{ runAsGroup: 9 }, {}, '', '0:9'],
  [{ runAsGroup: 9 }, {}, 'plc:plc', 'plc:9'],
  [{ runAsNonRoot: true }, {}, '1000:0', undefined],
  [{ runAsNonRoot: true, runAsUser: 7 }, {}, 'root', '7'],
  [{ runAsNonRoot: false }, { runAsNonRoot: true }, '', undefined],
])('%j over %j on an image of "%s" is %s', (own, shared, image, user) =>
  expect(of(own, shared, image)).toEqual({ kind: 'user', ...(user === undefined ? {} : { user }) }),
);

test.each<[Context, string, string]>([
  [{ runAsNonRoot: true, runAsUser: 0 }, '1000', "container's runAsUser breaks non-root policy"],
  [{ runAsNonRoot: true }, '', 'container has runAsNonRoot and image will run as root'],
  [{ runAsNonRoot: true }, '00:5', 'container has runAsNonRoot and image will run as root'],
  [
    { runAsNonRoot: true },
    'plc:5',
    'container has runAsNonRoot and image has non-numeric user (plc), cannot verify user is non-root',
  ],
])('%j on an image of "%s" is refused', (own, image, why) =>
  expect(of(own, {}, image)).toEqual({ kind: 'refused', message: `${why} (pod: "p_n(u)", container: c)` }),
);

test('the image is asked only when it matters', () => {
  const asks = (own: Context) => asksImage({ spec: { containers: [] } }, { name: 'c', securityContext: own });
  expect([{}, { runAsUser: 1, runAsNonRoot: true }, { runAsUser: 1, runAsGroup: 2 }].map(asks)).not.toContain(true);
  expect([{ runAsNonRoot: true }, { runAsGroup: 2 }].map(asks)).not.toContain(false);
});
