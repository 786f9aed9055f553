import { invalid, invalidValue, notSupported } from '../domain/meta/field-error.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import type { DeleteOptions } from '../domain/registry/write-options.ts';
import { decodeBody, type Body } from './codec/decode-body.ts';
import { booleanParameter, integerParameter } from './query-parameters.ts';
import { dryRunErrors, isDryRun } from './write-options.ts';

/** metav1.DeleteOptions as it goes over the wire. */
export type WireDeleteOptions = KubernetesObject & {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  orphanDependents?: boolean;
  propagationPolicy?: string;
  dryRun?: string[];
};

const policies = ['Background', 'Foreground', 'Orphan'] as const;

export type ReadDeleteOptions = DeleteOptions & {
  /** The client asked, in the old way, to be told whether dependents are being waited for. */
  wantsAccepted: boolean;
};

/** From the body when there is one, else from the query (apiserver pkg/endpoints/handlers/delete.go). Throws 400, 415 or 422. */
export async function deleteOptions(
  body: Body,
  query: URLSearchParams,
  warn: (text: string) => void,
): Promise<ReadDeleteOptions> {
  return checkedDeleteOptions(body.bytes.length > 0 ? await fromBody(body, warn) : fromQuery(query));
}

const fromBody = (body: Body, warn: (text: string) => void): Promise<WireDeleteOptions> =>
  decodeBody<WireDeleteOptions>(
    body,
    { apiVersion: 'v1', kind: 'DeleteOptions', isShared: true },
    { fieldValidation: 'Ignore', warn },
  );

function fromQuery(query: URLSearchParams): WireDeleteOptions {
  const gracePeriodSeconds = integerParameter(query, 'gracePeriodSeconds');
  const orphanDependents = booleanParameter(query, 'orphanDependents');
  const propagationPolicy = query.get('propagationPolicy') ?? undefined;
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    dryRun: query.getAll('dryRun'),
  };
}

/** The older way to say it. */
const orphanPolicy = (orphanDependents: boolean | undefined) => {
  if (orphanDependents === undefined) return undefined;
  return orphanDependents ? 'Orphan' : 'Background';
};

/** Throws 422. */
export function checkedDeleteOptions(wire: WireDeleteOptions): ReadDeleteOptions {
  const { gracePeriodSeconds, preconditions, orphanDependents, propagationPolicy, dryRun = [] } = wire;
  const policy = policies.find((known) => known === propagationPolicy);
  const errors = [
    ...(orphanDependents !== undefined && propagationPolicy !== undefined
      ? [
          invalidValue(
            'propagationPolicy',
            propagationPolicy,
            'orphanDependents and deletionPropagation cannot be both set',
          ),
        ]
      : []),
    ...(propagationPolicy !== undefined && policy === undefined
      ? [notSupported('propagationPolicy', propagationPolicy.slice(0, 100), policies)]
      : []),
    ...dryRunErrors(dryRun),
  ];
  if (errors.length > 0) throw invalid('meta.k8s.io', 'DeleteOptions', '', errors);
  const propagation = policy ?? orphanPolicy(orphanDependents);
  return {
    dryRun: isDryRun(dryRun),
    wantsAccepted: orphanDependents === false,
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    // A negative period means the shortest (apiserver pkg/registry/rest/delete.go).
    ...(gracePeriodSeconds === undefined
      ? {}
      : { gracePeriodSeconds: gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds }),
  };
}
