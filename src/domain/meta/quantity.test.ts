import { describe, expect, it } from 'vitest';
import { formatQuantity, parseMilli, parseQuantity } from './quantity.ts';

const canonical = (text: string): string | undefined => {
  const quantity = parseQuantity(text);
  return quantity && formatQuantity(quantity);
};

describe('the text of a quantity', () => {
  // apimachinery pkg/api/resource/quantity_test.go TestQuantityParse, TestQuantityString
  it.each([
    ['0', '0'],
    ['0n', '0'],
    ['0Ki', '0'],
    ['-0', '0'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['+1', '1'],
    ['1.5', '1500m'],
    ['1000m', '1'],
    ['100m', '100m'],
    ['1024Mi', '1Gi'],
    ['1Ki', '1Ki'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['0.1Ki', '102400m'],
    ['1023', '1023'],
    ['1024', '1024'],
    ['1000Ki', '1000Ki'],
    ['100000k', '100M'],
    ['1000000000', '1G'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['12e4', '120e3'],
    ['1e0', '1'],
    ['1e-3', '1e-3'],
    ['0.0000000001', '1n'],
    ['1.0000000001', '1000000001n'],
    ['-1.5', '-1500m'],
    ['-1.5Gi', '-1536Mi'],
    ['1E', '1E'],
    ['100E', '9223372036854775807'],
    ['100Ei', '9223372036854775807'],
  ])('%s is kept as %s', (text, kept) => expect(canonical(text)).toBe(kept));

  it.each(['', '.', '+', 'one', '1x', '1 Gi', '1mi', '1KI', '1.2.3', '1e', '--1', '0x10', '1e1000', '1'.repeat(99)])(
    '%s is none',
    (text) => expect(parseQuantity(text)).toBeUndefined(),
  );

  it('once kept is kept so for ever', () => {
    for (const text of ['0.1', '1500m', '1536Mi', '12e4', '3n', '999999999999', '7Ti']) {
      expect(canonical(canonical(text) ?? '')).toBe(canonical(text));
    }
  });
});

it('thousandths are rounded away from zero', () => {
  expect(parseMilli('0.0001')).toBe(1n);
  expect(parseMilli('-0.0001')).toBe(-1n);
  expect(parseMilli('250m')).toBe(250n);
});
