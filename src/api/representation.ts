import { notAcceptable } from '../domain/meta/status-error.ts';
import { acceptsType, parseAccept, type AcceptClause } from './accept.ts';

/** How the client wants to see an object: what of it, and in which writing. */
export type Representation = {
  as: 'Object' | 'Table' | 'PartialObjectMetadata';
  /** Of meta.k8s.io, for Table and PartialObjectMetadata. */
  version: 'v1' | 'v1beta1';
  encoding: 'json' | 'yaml';
};

const encodings = ['json', 'yaml'] as const;

const mediaTypes = encodings.map((encoding) => `application/${encoding}`);

/** The first clause that can be met wins, where not every resource has a Table; throws 406 when none can (apiserver pkg/endpoints/handlers/negotiation). */
export function negotiate(accept: string | undefined, hasTable: boolean): Representation {
  for (const clause of parseAccept(accept)) {
    const encoding = encodings.find((candidate) => acceptsType(clause, 'application', candidate));
    const transform = transformOf(clause);
    if (transform?.as === 'Table' && !hasTable) continue;
    if (encoding !== undefined && transform !== undefined) return { ...transform, encoding };
  }
  throw notAcceptable(mediaTypes);
}

function transformOf({ parameters }: AcceptClause): Pick<Representation, 'as' | 'version'> | undefined {
  const as = parameters.get('as');
  if (as === undefined) return { as: 'Object', version: 'v1' };
  const version = parameters.get('v');
  if (parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  switch (as) {
    case 'Table':
      return { as, version };
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return { as: 'PartialObjectMetadata', version };
    default:
      return undefined;
  }
}
