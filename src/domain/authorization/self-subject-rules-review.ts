import { badRequest } from '../meta/status-error.ts';
import type { PolicyRule, SelfSubjectRulesReview } from '../meta/types.ts';
import { aggregate } from './rbac-authorizer.ts';
import { defineReview } from './review.ts';

/** What may I do in a namespace? `kubectl auth can-i --list` (kubernetes pkg/registry/authorization/selfsubjectrulesreview). */
export const selfSubjectRulesReviews = defineReview<SelfSubjectRulesReview>({
  group: 'authorization.k8s.io',
  kind: 'SelfSubjectRulesReview',
  scope: 'Cluster',
  answer: (review, { authorizer, user }) => {
    const namespace = review.spec?.namespace;
    if (!namespace) throw badRequest('no namespace on request');
    const { rules, missing } = authorizer.rulesFor(user, namespace);
    return {
      ...review,
      status: {
        resourceRules: rules.flatMap(resourceRule),
        nonResourceRules: rules.flatMap(pathRule),
        incomplete: false,
        ...(missing.length === 0 ? {} : { evaluationError: aggregate(missing) }),
      },
    };
  },
});

const resourceRule = ({ verbs, apiGroups = [], resources, resourceNames }: PolicyRule) =>
  resources ? [{ verbs, apiGroups, resources, ...(resourceNames ? { resourceNames } : {}) }] : [];

const pathRule = ({ verbs, nonResourceURLs }: PolicyRule) => (nonResourceURLs ? [{ verbs, nonResourceURLs }] : []);
