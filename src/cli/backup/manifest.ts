/** First in every archive: what it is, and of whom. */
export const MANIFEST = 'k2d-backup.json';
/** Last: tells a whole archive from one that was cut. */
export const END = 'k2d-backup.end';
export const FORMAT = 1;

export type Manifest = {
  format: number;
  kubernetes: string;
  instance: string;
  nodeName: string;
  serviceCidr: string;
  createdAt: string;
  volumes: boolean;
};

/** Hexadecimal SHA-256 of all content, in its order. */
export type End = { files: number; sha256: string };

/** Text that claims to be a manifest; throws, in words for who restores, when it is none or of another format. */
export function readManifest(text: string): Manifest {
  const found = parsed(text);
  const texts = ['kubernetes', 'instance', 'nodeName', 'serviceCidr', 'createdAt'];
  if (texts.some((name) => typeof found[name] !== 'string') || typeof found['format'] !== 'number')
    throw new Error('this is no backup of k2d');
  if (found['format'] !== FORMAT)
    throw new Error(`this backup has format ${found['format']}; this version of k2d reads format ${FORMAT}`);
  return found as unknown as Manifest;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
