export type FuzzRequest = { method: string; path: string; contentType: string; accept: string; body?: string | Buffer };

/** What clients ask for, and what none does. */
export const accepts = [
  'application/json',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
  'application/yaml',
  'image/png',
  ';;q=,',
  'application/vnd.kubernetes.protobuf',
] as const;

export const contentTypes = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
  ';;;',
  'application/json; charset=klingon',
] as const;
