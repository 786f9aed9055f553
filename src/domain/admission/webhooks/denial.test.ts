import { expect, it } from 'vitest';
import { denial } from './denial.ts';

const saidBy = (status: Parameters<typeof denial>[1]) => {
  const { code, reason, message, details } = denial('a.example.com', status).status;
  return { code, reason, message, details };
};
const said = 'admission webhook "a.example.com" denied the request';

it.each<[Parameters<typeof denial>[1], Partial<ReturnType<typeof saidBy>>]>([
  [{}, { code: 400, message: `${said} without explanation` }],
  [{ message: 'no' }, { code: 400, message: `${said}: no` }],
  [
    { reason: 'Conflict', code: 409 },
    { code: 409, reason: 'Conflict', message: `${said}: Conflict` },
  ],
  [
    { reason: 'Forbidden', code: 403, message: 'no' },
    { code: 403, reason: 'Forbidden', message: `${said}: no` },
  ],
  [
    { code: 200, message: 'no' },
    { code: 400, message: `${said}: no` },
  ],
  [
    { code: 99_999, message: 'no' },
    { code: 400, message: `${said}: no` },
  ],
  [
    { code: '403', message: 7, reason: [] },
    { code: 400, message: `${said} without explanation` },
  ],
  [
    {
      code: 422,
      reason: 'Invalid',
      message: 'no',
      details: {
        kind: 'Pod',
        name: 7,
        causes: [{ field: 'spec', message: 'bad', more: 1 }, 'x'],
        retryAfterSeconds: 5,
      },
    },
    {
      code: 422,
      reason: 'Invalid',
      message: `${said}: no`,
      details: { kind: 'Pod', causes: [{ reason: '', message: 'bad', field: 'spec' }], retryAfterSeconds: 5 },
    },
  ],
])('%j', (status, expected) => expect(saidBy(status)).toEqual({ reason: undefined, details: undefined, ...expected }));

it('is a failure whatever the webhook calls it', () =>
  expect(denial('a', { status: 'Success', kind: 'Pod' }).status).toMatchObject({ kind: 'Status', status: 'Failure' }));
