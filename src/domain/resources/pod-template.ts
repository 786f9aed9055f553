import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import type { PodTemplate } from '../meta/types.ts';
import { nameColumn } from './metadata-columns.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { defineResource } from './resource-definition.ts';
import { warnOfPodFields } from './unsupported-pod-fields.ts';
import { validatePodTemplate } from './workload-validation.ts';

const containersOf = ({ template }: PodTemplate) => template?.spec?.containers ?? [];

const formatLabels = (labels: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(',') || '<none>';

/** kubernetes pkg/registry/core/podtemplate/strategy.go */
export const podTemplates = defineResource<PodTemplate>({
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  scope: 'Namespaced',
  hasGeneration: true,
  deleteReturnsObject: true,
  default: (object) => ({ ...object, template: defaultPodTemplate(object.template) }),
  prepareForUpdate: (next, current) =>
    sameJson(next.template, current.template)
      ? next
      : { ...next, metadata: { ...metaOf(next), generation: (metaOf(current).generation ?? 0) + 1 } },
  validate: ({ template }) => validatePodTemplate(template ?? {}, 'template'),
  warnings: ({ template }) => warnOfPodFields(template?.spec, 'template.spec'),
  columns: [
    nameColumn,
    {
      name: 'Containers',
      type: 'string',
      cell: (object) =>
        containersOf(object)
          .map(({ name }) => name)
          .join(','),
    },
    {
      name: 'Images',
      type: 'string',
      cell: (object) =>
        containersOf(object)
          .map(({ image }) => image ?? '')
          .join(','),
    },
    { name: 'Pod Labels', type: 'string', cell: ({ template }) => formatLabels(template?.metadata?.labels) },
  ],
});
