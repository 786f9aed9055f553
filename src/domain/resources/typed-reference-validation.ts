import type { FieldError } from '../meta/field-error.ts';
import { dnsSubdomain, pathSegment } from '../meta/names.ts';
import { givenName, named } from './value-rules.ts';

type TypedReference = { apiGroup?: string; kind?: string; name?: string };

/** An object of any kind, named by group, kind and name (kubernetes pkg/apis/networking/validation validateIngressTypedLocalObjectReference). */
export const validateTypedReference = ({ apiGroup, kind, name }: TypedReference, field: string): FieldError[] => [
  ...(apiGroup === undefined ? [] : named(`${field}.apiGroup`, apiGroup, dnsSubdomain)),
  ...givenName(`${field}.kind`, kind, pathSegment),
  ...givenName(`${field}.name`, name, pathSegment),
];
