import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';

/** Smaller answers are not worth the work (apiserver pkg/endpoints/handlers/responsewriters/writers.go defaultGzipThresholdBytes). */
export const compressionThreshold = 128 * 1024;

/** The cheapest level: most of what JSON repeats is found by it, and a device has better things to do. */
const options = { level: 1 };

export const compressText = (text: string): Promise<Buffer> => promisify(gzip)(text, options);

/** The pieces compressed as they come; a failure of their source is one of the stream. */
export const compressPieces = (pieces: Iterable<string> | AsyncIterable<Buffer>): Readable =>
  pipeline(Readable.from(pieces, { objectMode: true }), createGzip(options), () => undefined);
