/** Longest name of a repository (github.com/distribution/reference NameTotalLengthMax), tag and digest. */
const maxLength = 255 + 128 + 160;

const host = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const part = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tag = /^[\w][\w.-]{0,127}$/;
const digest = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,128}$/;

/** Whether engines and registries can read the text as the name of an image (github.com/distribution/reference regexp.go). */
export function isImageReference(text: string): boolean {
  if (text.length > maxLength) return false;
  const [named = '', ...digests] = text.split('@');
  if (digests.length > 1 || !digests.every((one) => digest.test(one))) return false;
  const path = named.split('/');
  const [last = '', ...tags] = path.pop()!.split(':');
  if (tags.length > 1 || !tags.every((one) => tag.test(one))) return false;
  const [first, ...rest] = [...path, last];
  return rest.every((one) => part.test(one)) && (part.test(first!) || (rest.length > 0 && host.test(first!)));
}
