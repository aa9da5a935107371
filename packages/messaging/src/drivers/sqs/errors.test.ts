import { expect, test } from '@jest/globals';
import { MessagingError } from '../../port.ts';
import { isLate, translate } from './errors.ts';

const vendor = (name: string, status?: number, message = 'said the broker') =>
  Object.assign(new Error(message), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });

test.each([
  [vendor('QueueDoesNotExist', 400), 'not_found'],
  [vendor('NotFoundException', 404), 'not_found'],
  [vendor('InvalidParameterValue', 400), 'rejected'],
  [vendor('AccessDenied', 403), 'unavailable'],
  [vendor('AccessDeniedException', 400), 'unavailable'],
  [vendor('KmsDisabled', 400), 'unavailable'],
  [vendor('KMSAccessDeniedException', 400), 'unavailable'],
  [vendor('SomethingNew', 403), 'unavailable'],
  [vendor('ThrottlingException', 400), 'unavailable'],
  [vendor('ExpiredToken', 403), 'unavailable'],
  [vendor('TooMany', 429), 'unavailable'],
  [vendor('InternalError', 500), 'unavailable'],
  [vendor('TimeoutError'), 'unavailable'],
  [
    new AggregateError([new Error('ECONNREFUSED ::1'), new Error('ECONNREFUSED 127.0.0.1')]),
    'unavailable',
  ],
  ['not even an error', 'unavailable'],
] as const)('%s is %s', (error, code) => {
  const translated = translate(error, 'send to jobs');
  expect(translated).toMatchObject({ name: 'MessagingError', code, cause: error });
  expect(translated.message).toMatch(/^Could not send to jobs: .+/);
});

test('what is already ours stays as it is', () => {
  const ours = new MessagingError('not_found', 'no');
  expect(translate(ours, 'x')).toBe(ours);
});

test('only an answer after the end of a lease is late', () => {
  expect(isLate(vendor('MessageNotInflight', 400))).toBe(true);
  expect(isLate(vendor('InvalidParameterValue', 400, 'The receipt handle has expired.'))).toBe(
    true,
  );
  expect(isLate(vendor('InvalidParameterValue', 400, 'VisibilityTimeout is wrong'))).toBe(false);
  expect(isLate(vendor('QueueDoesNotExist', 400))).toBe(false);
});
