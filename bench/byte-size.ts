const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** The bytes that the first size of a text such as `26.56MiB / 23.5GiB` (Docker) or `38.75MB / 25.27GB` (Podman) means. */
export function byteSize(text: string): number {
  const [, digits, unit = ''] = /^\s*([\d.]+)\s*([A-Za-z]+)/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (digits === undefined || factor === undefined) throw new Error(`${JSON.stringify(text)} is no size`);
  return Number(digits) * factor;
}
