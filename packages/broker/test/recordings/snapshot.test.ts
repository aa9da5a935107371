import { expect, test } from '@jest/globals';
import { Comparison, type Recording } from './snapshot.ts';

function differs(recording: Recording, answers: Record<string, unknown>, varying: string[] = []) {
  const comparison = new Comparison(recording);
  try {
    for (const [key, answer] of Object.entries(answers)) comparison.match(key, answer, varying);
    comparison.finish();
    return false;
  } catch {
    return true;
  }
}

test('a numbered placeholder is one value in all answers of a scenario', () => {
  const recording = { sent: { MessageId: '<uuid:1>' }, received: { MessageId: '<uuid:1>' } };
  expect(differs(recording, { sent: { MessageId: 'a' }, received: { MessageId: 'a' } })).toBe(
    false,
  );
  expect(differs(recording, { sent: { MessageId: 'a' }, received: { MessageId: 'b' } })).toBe(true);
});

test('two numbered placeholders are never one value', () => {
  const recording = { ids: ['<uuid:1>', '<uuid:2>'], arn: '<resource:1>:<resource:2>' };
  expect(differs(recording, { ids: ['a', 'b'], arn: 'c:d' })).toBe(false);
  expect(differs(recording, { ids: ['a', 'a'], arn: 'c:d' })).toBe(true);
  expect(differs(recording, { ids: ['a', 'b'], arn: 'c:c' })).toBe(true);
});

test('a placeholder without a number is any text, and the account is ours', () => {
  const recording = { arn: 'arn:<partition>:sqs:<region>:111111111111:queue' };
  expect(differs(recording, { arn: 'arn:aws:sqs:us-east-1:000000000000:queue' })).toBe(false);
  expect(differs(recording, { arn: 'arn:aws:sqs:us-east-1:111111111111:queue' })).toBe(true);
});

test('a field too few, a field too many and another value are differences', () => {
  const recording = { answer: { Code: 'A', ResponseMetadata: { HTTPHeaders: {}, Status: 400 } } };
  const answer = { Code: 'A', ResponseMetadata: { Status: 400 } };
  expect(differs(recording, { answer })).toBe(false);
  expect(differs(recording, { answer: { Code: 'A' } })).toBe(true);
  expect(differs(recording, { answer: { ...answer, More: '' } })).toBe(true);
  expect(differs(recording, { answer: { ...answer, Code: 'B' } })).toBe(true);
  expect(differs(recording, { answer: { ...answer, Code: null } })).toBe(true);
});

test('of a field that varies from run to run the presence counts', () => {
  const recording = { answer: { NextToken: 'recorded' } };
  expect(differs(recording, { answer: { NextToken: 'ours' } }, ['NextToken'])).toBe(false);
  expect(differs(recording, { answer: {} }, ['NextToken'])).toBe(true);
});

test('texts that are JSON, binary values and moments are compared as they were recorded', () => {
  const recording = {
    answer: { Body: { a: 1 }, BinaryValue: "b'\\x02a'", SentTimestamp: 'timestamp' },
  };
  const answer = {
    Body: '{ "a": 1 }',
    BinaryValue: Buffer.from([2, 97]),
    SentTimestamp: '1795414611946',
  };
  expect(differs(recording, { answer })).toBe(false);
  expect(differs(recording, { answer: { ...answer, Body: '{"a": 2}' } })).toBe(true);
  expect(differs(recording, { answer: { ...answer, BinaryValue: Buffer.from([3, 97]) } })).toBe(
    true,
  );
  expect(differs(recording, { answer: { ...answer, SentTimestamp: 'soon' } })).toBe(true);
});

test('every recorded answer has to be compared, once', () => {
  expect(differs({ first: 1, second: 2 }, { first: 1 })).toBe(true);
  expect(differs({ first: 1 }, { first: 1, third: 3 })).toBe(true);
  const comparison = new Comparison({ first: 1 });
  comparison.match('first', 1, []);
  expect(() => comparison.match('first', 1, [])).toThrow('already');
});
