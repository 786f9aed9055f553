export type CniProblem =
  /** No CNI plugin would take it. */
  | { kind: 'malformed'; message: string }
  /** It says something that k2d cannot carry out. */
  | { kind: 'unsupported'; message: string };

export const cniMalformed = (message: string): CniProblem => ({ kind: 'malformed', message });
export const cniUnsupported = (message: string): CniProblem => ({ kind: 'unsupported', message });

export type CniObject = Readonly<Record<string, unknown>>;

export const isCniObject = (value: unknown): value is CniObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
