/** The engine takes the beginning of an id, and names, where the port means one object: what is no whole id is none. */
export const isFullId = (id: string): boolean => /^[0-9a-f]{64}$/.test(id);
