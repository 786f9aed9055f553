import type { Namespace } from '../../domain/meta/types.ts';
import { namespaces } from '../../domain/resources/namespace.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { checkIsCurrent, checkName } from '../object-identity.ts';
import { registryWrite } from '../registry-write.ts';
import type { Verb } from '../verb.ts';
import { writeOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

/** Changes the finalizers of a namespace's spec, which its other endpoints leave alone (kubernetes pkg/registry/core/namespace/storage). */
const updateFinalizers: Verb = async ({ registry }, call) => {
  const { key, body, query, warn } = call;
  const options = writeOptions('UpdateOptions', query);
  const { fieldValidation } = options;
  const next = await decodeBody<Namespace>(body, { apiVersion: 'v1', kind: 'Namespace' }, { fieldValidation, warn });
  checkName(call, next);
  const change = (current: Namespace): Namespace => {
    checkIsCurrent(namespaces, next, current);
    return { ...current, spec: { ...current.spec, finalizers: next.spec?.finalizers ?? [] } };
  };
  const write = registryWrite(call, options, 'finalize');
  return { kind: 'object', code: 200, object: await registry.update(namespaces, key, change, write) };
};

export const finalize: Subresource = {
  name: 'finalize',
  servedFor: ({ group, plural }) => group === namespaces.group && plural === namespaces.plural,
  verbs: { update: updateFinalizers },
};
