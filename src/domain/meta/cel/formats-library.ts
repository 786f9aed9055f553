import { dns1035Label, dnsLabel, dnsSubdomain, labelValue, qualifiedName, type NameRule } from '../names.ts';
import { declare, type Declaration } from './function-table.ts';
import { ListValue, Opaque, Optional, type Value } from './value.ts';

type Format = Opaque<NameRule>;

/** A name that something is added to: it may end in a dash. */
const asPrefix =
  (rule: NameRule): NameRule =>
  (text) =>
    rule(text.replace(/-$/, 'a'));

const matching =
  (pattern: RegExp, what: string): NameRule =>
  (text) =>
    text.length <= 100_000 && pattern.test(text) ? [] : [`not a valid ${what}`];

const parsable =
  (what: string, isValid: (text: string) => boolean): NameRule =>
  (text) =>
    isValid(text) ? [] : [`not a valid ${what}`];

const day = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string): boolean =>
  day.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
const isDateTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,20})?([Zz]|[+-]\d\d:\d\d)$/.test(text) &&
  isDay(text.slice(0, 10));

const formats: Readonly<Record<string, NameRule>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label,
  qualifiedName,
  dns1123LabelPrefix: asPrefix(dnsLabel),
  dns1123SubdomainPrefix: asPrefix(dnsSubdomain),
  dns1035LabelPrefix: asPrefix(dns1035Label),
  labelValue,
  uri: parsable('URI', (text) => text.startsWith('/') || (text.length <= 10_000 && URL.canParse(text))),
  uuid: matching(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, 'UUID'),
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'base64 string'),
  date: parsable('date', isDay),
  datetime: parsable('datetime', isDateTime),
};

const formatOf = (name: string): Format => new Opaque('kubernetes.NamedFormat', formats[name]!, name);

function named(name: string): Value {
  return Object.hasOwn(formats, name) ? new Optional(formatOf(name)) : Optional.none;
}

function validate({ content }: Format, text: string): Value {
  const texts = content(text);
  return texts.length === 0 ? Optional.none : new Optional(ListValue.of(texts));
}

/** apiserver pkg/cel/library/format.go */
export const formatsLibrary = (): readonly Declaration[] => [
  declare('format.named(string): optional<kubernetes.NamedFormat>', named),
  ...Object.keys(formats).map((name) => declare(`format.${name}(): kubernetes.NamedFormat`, () => formatOf(name))),
  declare('kubernetes.NamedFormat -> validate(string): optional<list<string>>', validate),
];
