/**
 * Fills in what the object leaves open: absent, null, or the empty string where a word is the default, for to Go's decoder these
 * are one and the same zero value.
 */
export const withDefaults = <T extends object>(object: T, defaults: Partial<T>): T => {
  const open = Object.entries(defaults).filter(([field]) => isOpen(object[field as keyof T]));
  return open.length === 0 ? object : { ...object, ...Object.fromEntries(open) };
};

const isOpen = (value: unknown): boolean => value === undefined || value === null || value === '';
