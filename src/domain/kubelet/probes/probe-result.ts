export type ProbeResult =
  /** A warning is told, and counts as success. */
  | { ok: true; warning?: string }
  /** `unknown`: the check itself could not be made, which says nothing about the container (kubernetes pkg/probe Unknown). */
  | { ok: false; message: string; unknown?: true };
