import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { reviews } from '../../domain/authorization/reviews.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import { protobufBody } from '../codec/protobuf-fixture.ts';

let bed: ApiTestBed;
beforeAll(async () => {
  bed = await openApiTestBed();
});
afterAll(() => bed.close());

const authorization = '/apis/authorization.k8s.io/v1';
const authentication = '/apis/authentication.k8s.io/v1';
const resourceAttributes = { verb: 'get', resource: 'pods', namespace: 'default' };
const jane = { user: 'jane', groups: ['system:masters'], resourceAttributes };
const allowed = { allowed: true };

/** By kind: where it is created, what it asks, and what the administrator is answered. */
const questions: Readonly<Record<string, { path: string; spec?: object; status: object }>> = {
  SelfSubjectAccessReview: {
    path: `${authorization}/selfsubjectaccessreviews`,
    spec: { resourceAttributes },
    status: allowed,
  },
  SubjectAccessReview: { path: `${authorization}/subjectaccessreviews`, spec: jane, status: allowed },
  LocalSubjectAccessReview: {
    path: `${authorization}/namespaces/default/localsubjectaccessreviews`,
    spec: jane,
    status: allowed,
  },
  SelfSubjectRulesReview: {
    path: `${authorization}/selfsubjectrulesreviews`,
    spec: { namespace: 'default' },
    status: { incomplete: false, resourceRules: [], nonResourceRules: [] },
  },
  SelfSubjectReview: {
    path: `${authentication}/selfsubjectreviews`,
    status: { userInfo: { groups: expect.arrayContaining(['system:masters']) } },
  },
  TokenReview: {
    path: `${authentication}/tokenreviews`,
    spec: { token: 'none' },
    status: { error: 'invalid bearer token' },
  },
};

const encodings = {
  'application/json': (object: object) => JSON.stringify(object),
  'application/yaml': (object: object) => stringify(object),
  'application/vnd.kubernetes.protobuf': protobufBody,
};

test('every review is asked here', () =>
  expect(Object.keys(questions).toSorted()).toEqual(reviews.map(({ kind }) => kind).toSorted()));

describe.each(Object.entries(questions))('%s', (kind, { path, spec, status }) => {
  const apiVersion = path.split('/').slice(2, 4).join('/');
  const question = { apiVersion, kind, metadata: {}, ...(spec === undefined ? {} : { spec }) };

  test.each(Object.entries(encodings))('in %s is answered with 201 and its status', async (contentType, encode) => {
    const query = '?fieldManager=kubectl-create&fieldValidation=Strict';
    const headers = { 'content-type': contentType, accept: 'application/vnd.kubernetes.protobuf,application/json' };
    const reply = await bed.send('POST', `${path}${query}`, { body: encode(question), headers });
    expect([reply.status, reply.headers['content-type']]).toEqual([201, 'application/json']);
    expect(reply.body).toMatchObject({ apiVersion, kind, ...(spec === undefined ? {} : { spec }), status });
  });

  test('is no table, and is neither listed nor read', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const headers = { 'content-type': 'application/json', accept };
    const table = await bed.send('POST', path, { body: question, headers });
    expect([table.status, table.body.reason]).toEqual([406, 'NotAcceptable']);
    expect((await bed.send('GET', path)).status).toBe(405);
    expect((await bed.send('GET', `${path}/x`)).status).toBe(405);
  });
});
