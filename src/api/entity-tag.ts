/** RFC 9110, section 13.1.2: compared weakly, since a proxy that compresses makes a strong tag weak. */
export function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
