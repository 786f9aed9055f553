import { metaOf } from '../meta/object-key.ts';
import { methodNotSupported, resourceNotFound } from '../meta/status-error.ts';
import { customResourceDefinitions } from '../resources/custom-resource-definition.ts';
import { isCustomResource } from '../resources/custom-resource.ts';
import { groupResource, resourceName } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';

/** Nothing new is made of a resource whose definition is going (apiextensions-apiserver pkg/apiserver/customresource_handler.go). */
export const customResourceLifecycle = (): AdmissionPlugin => ({
  name: 'CustomResourceLifecycle',
  // Asked first and again last: the definition may go while other plugins wait.
  mutate(request, lister) {
    checkDefinition(request, lister);
    return undefined;
  },
  validate(request, lister) {
    checkDefinition(request, lister);
  },
});

function checkDefinition({ operation, definition }: AdmissionRequest, lister: Lister): void {
  if (operation !== 'CREATE' || !isCustomResource(definition)) return;
  const defines = lister.find(customResourceDefinitions, { namespace: '', name: resourceName(definition) });
  if (defines === undefined) throw resourceNotFound();
  if (metaOf(defines).deletionTimestamp !== undefined)
    throw methodNotSupported(
      groupResource(definition),
      'create',
      'not allowed while custom resource definition is terminating',
    );
}
