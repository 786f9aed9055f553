/** A test of ours: its file, from the root of the project, and its titles from the outermost, or the row of a table in it. */
export type OwnTest = readonly [file: string, ...titles: string[]];

export type Counterpart =
  /** These do the same steps; `except` is what of them cannot be done here, and why. */
  | { readonly by: readonly OwnTest[]; readonly except?: string }
  /** The reason why k2d does not pass. */
  | { readonly absent: string };

/** What stands here for Kubernetes' own conformance tests (kubernetes test/conformance/testdata/conformance.yaml), by their names. */
export type ConformanceTable = Readonly<Record<string, Counterpart>>;

export type Tests = { readonly by: readonly OwnTest[] };

/** Makes counterparts that are one test of a file each. */
export const testsIn =
  (file: string) =>
  (...titles: string[]): Tests => ({ by: [[file, ...titles]] });

/** Makes counterparts that are one case of a table about fields of pods each. */
export const casesIn = (table: string) => testsIn(`test/integration/pod-fields/${table}-cases.ts`);

/** Several tests that do the steps of one. */
export const together = (...tests: readonly Tests[]): Tests => ({ by: tests.flatMap(({ by }) => by) });
