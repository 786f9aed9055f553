import { describe, expect, it } from 'vitest';
import { configMaps } from '../resources/config-map.ts';
import { namespaces } from '../resources/namespace.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';

const lister = listerOf({
  definition: namespaces,
  objects: [
    { metadata: { name: 'default' } },
    { metadata: { name: 'going', deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ],
});
const plugin = namespaceLifecycle();
const configMapIn = (namespace: string) => clientRequest(configMaps, { metadata: { name: 'c', namespace } });

describe.each(['mutate', 'validate'] as const)('namespaceLifecycle.%s', (phase) => {
  it('lets objects into a namespace that lives', () =>
    expect(() => plugin[phase]?.(configMapIn('default'), lister)).not.toThrow());

  it('knows no other namespaces', () =>
    expect(() => plugin[phase]?.(configMapIn('nowhere'), lister)).toThrow(
      expect.objectContaining({
        message: 'namespaces "nowhere" not found',
        status: expect.objectContaining({ code: 404, details: { name: 'nowhere', kind: 'namespaces' } }),
      }),
    ));

  it('lets nothing new into a namespace that goes', () =>
    expect(() => plugin[phase]?.(configMapIn('going'), lister)).toThrow(
      expect.objectContaining({
        message:
          'configmaps "c" is forbidden: unable to create new content in namespace going because it is being terminated',
        status: expect.objectContaining({
          code: 403,
          details: expect.objectContaining({
            causes: [
              {
                reason: 'NamespaceTerminating',
                message: 'namespace going is being terminated',
                field: 'metadata.namespace',
              },
            ],
          }),
        }),
      }),
    ));

  it('lets what is in a namespace that goes change', () => {
    const object = { metadata: { name: 'c', namespace: 'going' } };
    expect(() => plugin[phase]?.(clientRequest(configMaps, object, object), lister)).not.toThrow();
  });
});

describe('namespaceLifecycle on delete', () => {
  const deletion = (name: string) => ({
    ...clientRequest(namespaces, { metadata: { name } }),
    operation: 'DELETE' as const,
  });

  it.each(['default', 'kube-system', 'kube-public', 'kube-node-lease'])('keeps %s', (name) =>
    expect(() => plugin.validate?.(deletion(name), lister)).toThrow(
      `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    ),
  );
  it('lets others go', () => expect(() => plugin.validate?.(deletion('mine'), lister)).not.toThrow());
});

it('keeps a namespace that goes until what was allowed into it is stored', () => {
  const stored: (() => void)[] = [];
  const busy = namespaceLifecycle();
  for (const name of ['a', 'b']) {
    const creation = clientRequest(configMaps, { metadata: { name, namespace: 'default' } });
    void busy.validate?.({ ...creation, whenSettled: (done) => void stored.push(done) }, lister);
  }
  const object = { metadata: { name: 'default' } };
  const finalize = { ...clientRequest(namespaces, object, object), subresource: 'finalize' };
  for (const done of stored) {
    expect(() => busy.validate?.(finalize, lister)).toThrow('something is still being created in it');
    done();
  }
  expect(() => busy.validate?.(finalize, lister)).not.toThrow();
});
