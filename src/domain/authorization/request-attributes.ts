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

type Told = { [field in Exclude<keyof ResourceAttributes, 'kind' | 'verb'>]?: string | undefined } & { verb: string };

/** Of a request for a resource, as it is told: what is empty is as good as left out. */
export const resourceAttributes = ({
  verb,
  group = '',
  resource = '',
  subresource,
  namespace,
  name,
}: Told): ResourceAttributes => ({
  kind: 'resource',
  verb,
  group,
  resource,
  ...(subresource ? { subresource } : {}),
  ...(namespace ? { namespace } : {}),
  ...(name ? { name } : {}),
});
