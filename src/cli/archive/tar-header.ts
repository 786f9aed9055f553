/** POSIX.1-2017, pax: the ustar header block. */

export const BLOCK = 512;

export type TarEntry = {
  path: string;
  type: 'file' | 'directory' | 'symlink';
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  /** Of a symlink. */
  target?: string;
};

const flags = { file: '0', directory: '5', symlink: '2' } as const;
/** Eleven octal digits. */
const MOST_SIZE = 8 ** 11 - 1;

/** What a block says, with the type as it stands there: archives of others have more types than k2d writes. */
export type RawHeader = Omit<TarEntry, 'type'> & { flag: string };

/** Header blocks, a pax record before them where a name is long or not ASCII, or the file larger than 8 GiB. */
export function headerBlocks(entry: TarEntry): Buffer {
  const long = {
    ...(fits(entry.path) ? {} : { path: entry.path }),
    ...(entry.target === undefined || fits(entry.target) ? {} : { linkpath: entry.target }),
    ...(entry.size <= MOST_SIZE ? {} : { size: String(entry.size) }),
  };
  if (Object.keys(long).length === 0) return block(entry, flags[entry.type]);
  const records = Buffer.from(Object.entries(long).map(record).join(''));
  const pax = { ...entry, path: 'pax', type: 'file' as const, size: records.length };
  return Buffer.concat([block(pax, 'x'), records, padding(records.length), block(entry, flags[entry.type])]);
}

/** What follows content of this size, up to the next block. */
export const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

const fits = (text: string): boolean => /^[\x20-\x7e]{1,100}$/.test(text);

/** `LENGTH KEY=VALUE\n`, where LENGTH counts itself too. */
function record([key, value]: readonly [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function block(entry: TarEntry, flag: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) =>
    Math.min(value, 8 ** digits - 1)
      .toString(8)
      .padStart(digits, '0');
  header.write(asciiBeginning(entry.path), 0);
  header.write(octal(entry.mode & 0o7777, 7), 100);
  header.write(octal(entry.uid, 7), 108);
  header.write(octal(entry.gid, 7), 116);
  header.write(octal(entry.size, 11), 124);
  header.write(octal(Math.max(0, Math.floor(entry.mtime)), 11), 136);
  header.write('        ', 148);
  header.write(flag, 156);
  header.write(asciiBeginning(entry.target ?? ''), 157);
  header.write('ustar\x0000', 257);
  header.write(`${octal(checksum(header), 6)}\0 `, 148);
  return header;
}

const asciiBeginning = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '_').slice(0, 100);

/** Sum of all bytes, its own field counted as spaces. */
const checksum = (header: Buffer): number =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);

/** Undefined for the block of zeros that ends an archive; throws for what is no header. */
export function readHeader(header: Buffer): RawHeader | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  if (numberAt(header, 148, 8) !== checksum(header)) throw new Error('it is no tar archive, or a damaged one');
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textAt(header, 345, 155) : '';
  const name = textAt(header, 0, 100);
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    flag: String.fromCharCode(header[156]!),
    mode: numberAt(header, 100, 8),
    uid: numberAt(header, 108, 8),
    gid: numberAt(header, 116, 8),
    size: numberAt(header, 124, 12),
    mtime: numberAt(header, 136, 12),
    target: textAt(header, 157, 100),
  };
}

function textAt(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** Octal digits, or GNU's binary form for large sizes. */
function numberAt(header: Buffer, start: number, length: number): number {
  if ((header[start]! & 0x80) !== 0) return Number(header.readBigUInt64BE(start + length - 8));
  const value = parseInt(textAt(header, start, length).trim() || '0', 8);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error('it is no tar archive, or a damaged one');
  return value;
}
