import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import type { Verb } from '../verb.ts';

/** An endpoint below an object: `/…/pods/NAME/log`. */
export type Subresource = {
  name: string;
  servedFor(definition: ResourceDefinition): boolean;
  verbs: { readonly [V in 'get' | 'create' | 'update' | 'patch' | 'delete']?: Verb };
  /** What it answers is text, not an object. */
  isText?: true;
  /** It takes over the connection; its kind is that of its query parameters, and nothing is sent or answered as an object. */
  connects?: true;
  /** Somebody else answers, whatever the method and whatever follows in the path. */
  passesOn?: Verb;
  /** What it speaks of when that is another kind than its resource's; for discovery and OpenAPI. */
  responseKind?: { group: string; version: string; kind: string };
};
