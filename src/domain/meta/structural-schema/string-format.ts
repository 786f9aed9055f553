import { isIPv4, isIPv6 } from 'node:net';

/** No text of the other formats is longer; the bound also bounds what matching them costs. */
const maxLength = 512;
const longFormats = new Set(['byte', 'uri']);

/** True when the text is of this format, and when the format is none that Kubernetes checks (kube-openapi pkg/validation/strfmt). */
export function hasFormat(text: string, format: string): boolean {
  // Dashes do not count: `date-time` is `datetime`.
  const name = format.replaceAll('-', '');
  if (!Object.hasOwn(formats, name)) return true;
  return (text.length <= maxLength || longFormats.has(name)) && formats[name]!(text);
}

const matching =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

const uuid = (third: string, fourth: string) =>
  matching(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i'));
const hex4 = '[0-9a-f]{4}';

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const time = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

const isDate = (text: string): boolean =>
  date.test(text) && new Date(`${text}T00:00:00Z`).getUTCDate() === Number(text.slice(8));

const isDateTime = (text: string): boolean =>
  /^.{10}[Tt ]/.test(text) && isDate(text.slice(0, 10)) && time.test(text.slice(11));

const isCidr = (text: string): boolean => {
  const [address = '', length = '', ...more] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return more.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= most;
};

/** As Go's url.ParseRequestURI: an absolute address, or an absolute path. */
const isUri = (text: string): boolean =>
  text.startsWith('/') || (/^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text));

/** Counted from the right, every second digit doubled (Luhn). */
const isCreditCard = (text: string): boolean => {
  const digits = text.replaceAll(/[- ]/g, '');
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return /^\d{13,19}$/.test(digits) && sum % 10 === 0;
};

const withoutDashes = (text: string): string => text.replaceAll(/[- ]/g, '');

const isIsbn10 = (text: string): boolean => {
  const digits = withoutDashes(text);
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + (digit === 'X' ? 10 : Number(digit)) * (10 - index),
    0,
  );
  return /^\d{9}[\dX]$/.test(digits) && sum % 11 === 0;
};

const isIsbn13 = (text: string): boolean => {
  const digits = withoutDashes(text);
  const sum = Array.from(digits).reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return /^\d{13}$/.test(digits) && sum % 10 === 0;
};

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: isCidr,
  creditcard: isCreditCard,
  date: isDate,
  datetime: isDateTime,
  // Go's time.ParseDuration, or a number and a unit with a space between them.
  duration: matching(
    /^(?:[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|\u03bcs|ms|s|m|h))+)|\d+(?:\.\d+)? *(?:ns|nano(?:second)?s?|us|µs|micro(?:second)?s?|ms|milli(?:second)?s?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|weeks?))$/,
  ),
  email: matching(/^(?:[^<>@\s][^<>@]{0,200}<)?[^\s@<>]{1,200}@[^\s@<>]{1,253}>?$/),
  hexcolor: matching(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  hostname: (text) =>
    text.length <= 255 &&
    text.split('.').every(matching(/^[\p{L}\p{S}0-9](?:[-\p{L}\p{S}0-9]{0,61}[\p{L}\p{S}0-9])?$/u)),
  ipv4: isIPv4,
  ipv6: isIPv6,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  k8slongname: (text) =>
    text.length <= 253 && matching(/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/)(text),
  k8sshortname: (text) => text.length <= 63 && matching(/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/)(text),
  mac: matching(/^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}(?:[0-9a-f]{2}\1){0,2}[0-9a-f]{2}$/i),
  rgbcolor: matching(
    /^rgb\((?:\s*(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\s*,){2}\s*(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\s*\)$/,
  ),
  ssn: matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: isUri,
  uuid: uuid(hex4, hex4),
  uuid3: uuid('3[0-9a-f]{3}', hex4),
  uuid4: uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
  uuid5: uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
};
