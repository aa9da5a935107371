import { expect } from '@jest/globals';
import { type Aws, scenario } from '../harness.ts';
import type { Answer, Params } from '../wire.ts';
import { setAttribute, subscribedQueue } from './steps.ts';

// The checks were recorded with the endpoint of a phone, which their answers do not show.

async function endpoint(aws: Aws): Promise<Params> {
  const Endpoint = await aws.queueArn(await aws.queue());
  return { TopicArn: await aws.topic(), Protocol: 'sqs', Endpoint };
}

/** The recordings repeat the first line of the message, which names no place in the policy. */
function withFirstLine(answer: Answer): object {
  const { Error: error } = answer;
  return { ...answer, Error: { ...error, _normalized: error?.Message.split('\n')[0] } };
}

/** Tells that a subscription with each of these conditions on a key is refused. */
function refusedConditions(name: string, conditions: Record<string, unknown>): void {
  scenario(name, async (aws) => {
    const to = await endpoint(aws);
    for (const [key, condition] of Object.entries(conditions)) {
      const Attributes = { FilterPolicy: JSON.stringify({ key: condition }) };
      aws.match(key, withFirstLine(await aws.snsError('Subscribe', { ...to, Attributes })));
    }
  });
}

refusedConditions('test_validate_policy', {
  'error-condition-list': [['value']],
  'error-condition-operator': [{ 'wrong-operator': true }],
  'error-condition-two-operators': [{ suffix: 'value', prefix: 'value2' }],
});

refusedConditions('test_validate_policy_string_operators', {
  'error-condition-empty-array': [],
  'error-condition-is-numeric': [{ suffix: 100 }],
  'error-condition-is-none': [{ suffix: null }],
  'error-condition-is-not-list-and-operator': { suffix: 'value' },
  'error-condition-empty-list': [{ suffix: [] }],
  'error-condition-list-wrong-type': [{ suffix: ['test', 'test2'] }],
  'error-condition-is-not-list-two-ops': { suffix: 'value', prefix: 'value' },
  'error-condition-is-not-list-and-no-operator': { 'not-an-operator': 'value' },
  'error-condition-bad-type': [{ cidr: ['bad-filter'] }],
  'error-condition-bad-cidr-str': [{ cidr: 'bad-filter' }],
  'error-condition-bad-cidr-str-slash': [{ cidr: 'bad-filter/64' }],
  'error-condition-bad-cidr-str-slash-2': [{ cidr: 'bad-/64filter' }],
  'error-condition-bad-cidr-v4': [{ cidr: 'xx.11.xx/8' }],
  'error-condition-bad-cidr-v6': [{ cidr: 'xxxx:db8:1234:1a00::/64' }],
});

const numeric = (...terms: unknown[]) => [{ numeric: terms }];

refusedConditions('test_validate_policy_numeric_operator', {
  'error-numeric-empty': numeric(),
  'error-numeric-wrong-operator': numeric('operator'),
  'error-numeric-operator-order': numeric(1, '<='),
  'error-numeric-type': numeric('=', '000'),
  'error-numeric-missing-value': numeric('>='),
  'error-numeric-wrong-range-order': numeric('<', 100, '>', 10),
  'error-numeric-wrong-range-operators': numeric('>=', 1, '>', 2),
  'error-numeric-wrong-value-order': numeric('>', 3, '<', 1),
  'error-numeric-missing-range-value': numeric('>', 20, '<='),
  'error-numeric-missing-range-operator': numeric('>', 20, 30),
  'error-numeric-wrong-second-range-operator': numeric('>', 20, 'test'),
  'error-numeric-wrong-range-value-1-type': numeric('>', '20', '<', '30'),
  'error-numeric-wrong-range-value-2-type': numeric('>', 20, '<', '30'),
  'error-numeric-too-many-range': numeric('>', 20, '<', 30, '<', 50),
});

refusedConditions('test_validate_policy_exists_operator', {
  'error-condition-none': [{ exists: null }],
  'error-condition-string': [{ exists: 'no' }],
});

scenario('test_validate_policy_nested_anything_but_operator', async (aws) => {
  const to = await endpoint(aws);
  const policy = (operand: unknown) => JSON.stringify({ key: [{ 'anything-but': operand }] });
  const refused = {
    'error-condition-wrong-operator': { 'wrong-operator': null },
    'error-condition-anything-but-suffix': { suffix: 'test' },
    'error-condition-anything-but-exists': { exists: false },
    'error-condition-anything-but-prefix-wrong-type': { prefix: false },
  };
  for (const [key, operand] of Object.entries(refused)) {
    const Attributes = { FilterPolicy: policy(operand) };
    aws.match(key, withFirstLine(await aws.snsError('Subscribe', { ...to, Attributes })));
  }
  const Attributes = { FilterPolicy: policy({ prefix: 'test-' }) };
  const { SubscriptionArn = '' } = await aws.sns('Subscribe', { ...to, Attributes });
  for (const operand of [['test', 'test2'], 'test']) {
    await setAttribute(aws, SubscriptionArn, 'FilterPolicy', policy(operand));
  }
});

const values = (count: number) => Array.from({ length: count }, (_, index) => `value${index}`);

scenario('test_policy_complexity', async (aws) => {
  const to = await endpoint(aws);
  const sixKeys = [1, 2, 3, 4, 5, 6].map((index) => [`key${index}`, [`value${index}`]]);
  const refused = {
    'error-complexity-in-one-condition': { key: values(151) },
    'error-complexity-in-two-conditions': { key1: values(100), key2: values(51) },
    'error-complexity-too-many-fields': Object.fromEntries(sixKeys),
  };
  for (const [key, policy] of Object.entries(refused)) {
    const Attributes = { FilterPolicy: JSON.stringify(policy) };
    aws.match(key, await aws.snsError('Subscribe', { ...to, Attributes }));
  }
});

scenario('test_policy_complexity_with_or', async (aws) => {
  const to = await endpoint(aws);
  const flat = (sources: number, spaces: number) => ({
    source: values(sources),
    $or: [
      { metricName: values(6) },
      { metricType: values(4), $or: [{ metricId: values(4) }, { spaceId: values(spaces) }] },
    ],
  });
  const nested = {
    $or: [{ metricName: values(3) }, { namespace: values(2) }],
    detail: { scope: values(2), $or: [{ source: values(1) }, { type: values(3) }] },
  };
  const subscribe = (policy: object, FilterPolicyScope: string) => ({
    ...to,
    Attributes: { FilterPolicyScope, FilterPolicy: JSON.stringify(policy) },
  });
  const tooFlat = subscribe(flat(4, 4), 'MessageAttributes');
  aws.match('error-complexity-or-flat', await aws.snsError('Subscribe', tooFlat));
  const tooNested = subscribe(nested, 'MessageBody');
  aws.match('error-complexity-or-nested', await aws.snsError('Subscribe', tooNested));
  const { SubscriptionArn } = await aws.sns(
    'Subscribe',
    subscribe(flat(3, 7), 'MessageAttributes'),
  );
  expect(SubscriptionArn).toBeDefined();
});

scenario('test_sub_filter_policy_nested_property_constraints', async (aws) => {
  const { subscription: SubscriptionArn } = await subscribedQueue(aws);
  await setAttribute(aws, SubscriptionArn, 'FilterPolicyScope', 'MessageBody');
  const refused = {
    'sub-filter-policy-nested-error-too-many-combinations': {
      key_a: { key_b: { key_c: values(4) } },
      key_d: { key_e: values(3) },
      key_f: values(3),
    },
    'sub-filter-policy-max-attr-keys': Object.fromEntries(
      [...'abcdef'].map((letter) => [`key_${letter}`, values(1)]),
    ),
    'sub-filter-policy-rule-no-list': { key_a: 'value_one' },
  };
  for (const [key, policy] of Object.entries(refused)) {
    const set = { AttributeName: 'FilterPolicy', AttributeValue: JSON.stringify(policy) };
    aws.match(key, await aws.snsError('SetSubscriptionAttributes', { SubscriptionArn, ...set }));
  }
});
