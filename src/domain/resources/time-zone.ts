/** Names of files in the zones' database; Intl also takes offsets. */
export function isTimeZone(name: string): boolean {
  const isNamed = name
    .split('/')
    .every((part) => /^[A-Za-z._0-9][A-Za-z.\-_0-9+]{0,13}$/.test(part) && part !== '.' && part !== '..');
  if (!isNamed) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
