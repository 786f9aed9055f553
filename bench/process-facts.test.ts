import { describe, expect, it } from 'vitest';
import { anonymousBytes, cpuSeconds, writtenBytes } from './process-facts.ts';

// As Linux 6.1 writes them.
const status = 'Name:\tnode\nVmRSS:\t   78972 kB\nRssAnon:\t   25436 kB\nRssFile:\t   53536 kB\nThreads:\t11\n';
const io = 'rchar: 9\nwchar: 8\nread_bytes: 4096\nwrite_bytes: 290816\ncancelled_write_bytes: 512\n';
const stat = '4242 (node ) R 1) S 1 4242 4242 0 -1 4194560 100 200 0 0 61 17 5 2 20 0 11 0 12345 1 2 3';

describe('the files of a process below /proc', () => {
  it('tell its anonymous memory', () => expect(anonymousBytes(status)).toBe(25_436 * 1024));
  it('tell what it wrote to disks, not what it took back', () => expect(writtenBytes(io)).toBe(290_816));
  it('tell CPU time with that of ended children, whatever the name holds', () =>
    expect(cpuSeconds(stat)).toBeCloseTo(0.85));

  it.each([
    { file: 'status', read: () => anonymousBytes('Name:\tkthreadd\n') },
    { file: 'io', read: () => writtenBytes('') },
    { file: 'stat', read: () => cpuSeconds('4242 (node) S 1') },
  ])('that lack the field are an error: $file', ({ read }) => expect(read).toThrow());
});
