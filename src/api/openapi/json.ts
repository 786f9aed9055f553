export type Json = Readonly<Record<string, unknown>>;

export type GroupVersionKind = { readonly group: string; readonly version: string; readonly kind: string };

/** Where documents keep the schema of this name. */
export const schemaReference = (name: string): string => `#/components/schemas/${name}`;
