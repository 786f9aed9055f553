import { pods } from '../../domain/resources/pod.ts';
import { get } from '../verbs/get.ts';
import { patchOf } from '../verbs/patch.ts';
import { updateOf } from '../verbs/update.ts';
import type { Subresource } from './subresource.ts';

/** The whole pod, of which only one part can be written (kubernetes pkg/registry/core/pod/storage). */
const podPart = (name: string): Subresource => ({
  name,
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { get, update: updateOf(name), patch: patchOf(name) },
});

export const ephemeralContainers = podPart('ephemeralcontainers');

export const resize = podPart('resize');
