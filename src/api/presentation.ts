import type { Clock } from '../domain/meta/clock.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import { apiVersionOf, type Column, type ResourceDefinition } from '../domain/resources/resource-definition.ts';
import { partialObjectMetadata } from './partial-object-metadata.ts';
import type { Representation } from './representation.ts';
import { columnDefinitions, includeObjectOf, tableOfOne, tableRow, type RowForm } from './table.ts';

/** metav1.ListMeta */
export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number };

/** A list whose elements are made one by one while they are written. */
export type ListDocument = { head: object; elementsKey: 'items' | 'rows'; elements: Iterable<unknown> };

/** Turns objects of one resource into what the client asked to see of them. */
export type Presentation = {
  encoding: Representation['encoding'];
  /** `columns` where the object is of another kind than the resource's. */
  object(object: KubernetesObject, columns?: readonly Column<never>[]): unknown;
  list(objects: readonly KubernetesObject[], metadata: ListMeta): ListDocument;
  /** Objects of a stream, in their order. A bookmark is no object and has no row. */
  event(object: KubernetesObject, isBookmark: boolean): unknown;
};

type Source = {
  definition: ResourceDefinition;
  representation: Representation;
  query: URLSearchParams;
  clock: Clock;
};

export function presentation(source: Source): Presentation {
  const { definition, clock } = source;
  const views = viewsOf(source);
  if (!('readAt' in definition)) return views;
  return readWhenShown(views, (object) => definition.readAt?.(object, clock.now()) ?? object);
}

const readWhenShown = (views: Presentation, read: (object: KubernetesObject) => KubernetesObject): Presentation => ({
  ...views,
  object: (object) => views.object(read(object)),
  list: (objects, metadata) => views.list(objects.map(read), metadata),
  event: (object, isBookmark) => views.event(isBookmark ? object : read(object), isBookmark),
});

function viewsOf(source: Source): Presentation {
  const { encoding, as } = source.representation;
  switch (as) {
    case 'Object':
      return { encoding, ...wholeObjects(source) };
    case 'PartialObjectMetadata':
      return { encoding, ...metadataOnly(source) };
    case 'Table':
      return { encoding, ...table(source) };
  }
}

type Views = Omit<Presentation, 'encoding'>;

const wholeObjects = ({ definition }: Source): Views => ({
  object: (object) => object,
  list: (objects, metadata) => ({
    head: { kind: definition.listKind, apiVersion: apiVersionOf(definition), metadata },
    elementsKey: 'items',
    elements: objects,
  }),
  event: (object) => object,
});

function metadataOnly({ representation: { version } }: Source): Views {
  const object = (whole: KubernetesObject) => partialObjectMetadata(whole, version);
  return {
    object,
    list: (objects, metadata) => ({
      head: { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${version}`, metadata },
      elementsKey: 'items',
      elements: mapped(objects, object),
    }),
    event: object,
  };
}

function table({ definition, representation: { version }, query, clock }: Source): Views {
  const include = includeObjectOf(query);
  const rowOf = (form: RowForm, object: KubernetesObject) => tableRow(form, object, include, version, clock.now());
  const row = (object: KubernetesObject) => rowOf(definition, object);
  let columnsAreKnown = false;
  return {
    object: (object, columns) => {
      const form = columns ? { columns, rowConditions: () => [] } : definition;
      return tableOfOne(form, object, [rowOf(form, object)], version, true);
    },
    list: (objects, metadata) => ({
      head: {
        kind: 'Table',
        apiVersion: `meta.k8s.io/${version}`,
        metadata,
        columnDefinitions: columnDefinitions(definition),
      },
      elementsKey: 'rows',
      elements: mapped(objects, row),
    }),
    event: (object, isBookmark) => {
      const withColumns = !columnsAreKnown;
      columnsAreKnown = true;
      return tableOfOne(definition, object, isBookmark ? [] : [row(object)], version, withColumns);
    },
  };
}

function* mapped<T, R>(values: Iterable<T>, change: (value: T) => R): Generator<R> {
  for (const value of values) yield change(value);
}
