/** What a request wants (apiserver pkg/authorization/authorizer.Attributes). */
export type RequestAttributes = ResourceAttributes | { kind: 'path'; verb: string; path: string };

export type ResourceAttributes = {
  kind: 'resource';
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
};
