/** Without vowels and look-alikes, so that no words appear (apimachinery pkg/util/rand/rand.go). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** `generateName` keeps room for five random characters in 63 (apiserver pkg/storage/names/generate.go). */
export const generateName = (base: string, random: () => number): string =>
  base.slice(0, 58) + Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

/** A number in the same alphabet, as in pod-template-hash (rand.SafeEncodeString). */
export const safeEncode = (text: string): string =>
  Array.from(text, (char) => alphabet[char.charCodeAt(0) % alphabet.length]).join('');
