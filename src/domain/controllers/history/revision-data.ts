import { sameJson } from '../../meta/deep-equal.ts';
import type { ControllerRevision, PodTemplateSpec } from '../../meta/types.ts';
import { defaultPodTemplate } from '../../resources/pod-spec-defaults.ts';

type RevisionData = { spec: { template: PodTemplateSpec & { $patch?: 'replace' } } };

/**
 * What a revision keeps: the patch that brings the template back, which is what `kubectl rollout undo` sends (kubernetes
 * pkg/controller/statefulset/stateful_set_utils.go getPatch).
 */
export const revisionData = (template: PodTemplateSpec): RevisionData => ({
  spec: { template: { ...template, $patch: 'replace' } },
});

/** Undefined when somebody else wrote the revision and it holds none. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec | undefined {
  const { $patch: _directive, ...template } = (data as Partial<RevisionData> | undefined)?.spec?.template ?? {};
  return template.spec ? template : undefined;
}

/** Older revisions may lack what has become a default since, which is no reason to make pods anew. */
export function isOfTemplate(revision: ControllerRevision, template: PodTemplateSpec): boolean {
  const kept = templateOf(revision);
  return kept !== undefined && sameJson(defaultPodTemplate(kept), template);
}
