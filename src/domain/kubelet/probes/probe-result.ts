export type ProbeResult = { ok: true } | { ok: false; message: string };
