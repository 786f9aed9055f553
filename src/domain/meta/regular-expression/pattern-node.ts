import type { CharacterSet } from './character-set.ts';

/** A pattern as a tree. Groups only group: nobody asks what they captured. */
export type PatternNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'characters'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly holds: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'alternatives'; readonly options: readonly PatternNode[] }
  /** `most` is Infinity for no bound. A lazy one prefers few, which matters only for where a match ends. */
  | {
      readonly kind: 'repeat';
      readonly node: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    };

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordBoundary' | 'noWordBoundary';

/** What Go's regexp says of a text that is no pattern (Go regexp/syntax/parse.go Error). */
export class PatternError extends Error {
  constructor(what: string, part: string) {
    super(`error parsing regexp: ${what}: \`${part}\``);
  }
}
