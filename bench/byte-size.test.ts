import { describe, expect, it } from 'vitest';
import { byteSize } from './byte-size.ts';

describe('byteSize', () => {
  it.each([
    { text: '26.56MiB / 23.54GiB', bytes: 26.56 * 2 ** 20 },
    { text: '38.75MB / 25.27GB', bytes: 38.75e6 },
    { text: '812kB / 1GB', bytes: 812e3 },
    { text: '0B / 0B', bytes: 0 },
  ])('$text', ({ text, bytes }) => expect(byteSize(text)).toBe(bytes));

  it.each(['', '-- / --', '12 parsecs'])('refuses %j', (text) => expect(() => byteSize(text)).toThrow('is no size'));
});
