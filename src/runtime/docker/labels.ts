/** What the adapter writes on a pause container: that it is one, and whether its members share its process ids. */
export const SANDBOX_LABEL = 'k2d.io/sandbox';
export const SHARED_PID_LABEL = 'k2d.io/sandbox-shared-pid';

export type Labels = Readonly<Record<string, string>>;

/** As Docker's `label` filter wants them. */
export const labelFilter = (labels: Labels): string[] =>
  Object.entries(labels).map(([key, value]) => `${key}=${value}`);

/** Those of the caller, without the adapter's own. */
export function callersLabels(labels: Labels): Labels {
  const { [SANDBOX_LABEL]: _sandbox, [SHARED_PID_LABEL]: _pid, ...own } = labels;
  return own;
}
