import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Harness } from '../harness.ts';

// Most gaps of SNS have no scenario, since their first call is refused. Here that call is watched: when
// it is accepted, replay the scenarios that waited for it.

let harness: Harness;
let topic = '';
beforeAll(async () => {
  harness = await Harness.start({ sync: 'off' });
  const { xml } = await harness.query({ Action: 'CreateTopic', Name: 'events' });
  topic = /<TopicArn>(.*)<\/TopicArn>/.exec(xml)?.[1] ?? '';
});
afterAll(() => harness.remove());

test.each([
  ['lambda', 'arn:aws:lambda:us-east-1:000000000000:function:greet'],
  ['http', 'http://example.com/'],
  ['https', 'https://example.com/'],
  ['email', 'someone@example.com'],
  ['sms', '+1234567890'],
  ['application', 'arn:aws:sns:us-east-1:000000000000:endpoint/ADM/app/1'],
  ['firehose', 'arn:aws:firehose:us-east-1:000000000000:deliverystream/log'],
])('a subscription of protocol %s is refused', async (Protocol, Endpoint) => {
  const params = { Action: 'Subscribe', TopicArn: topic, Protocol, Endpoint };
  const { status, xml } = await harness.query(params);
  expect(status).toBe(400);
  expect(xml).toContain(`${Protocol} is not supported here, only sqs is`);
});

test.each([
  'CheckIfPhoneNumberIsOptedOut',
  'CreatePlatformApplication',
  'CreatePlatformEndpoint',
  'DeleteEndpoint',
  'DeletePlatformApplication',
  'GetEndpointAttributes',
  'GetPlatformApplicationAttributes',
  'GetSMSAttributes',
  'ListEndpointsByPlatformApplication',
  'ListPhoneNumbersOptedOut',
  'ListPlatformApplications',
  'OptInPhoneNumber',
  'SetEndpointAttributes',
  'SetPlatformApplicationAttributes',
  'SetSMSAttributes',
])('the action %s is refused', async (Action) => {
  const { status, xml } = await harness.query({ Action, Version: '2010-03-31' });
  expect(status).toBe(400);
  expect(xml).toContain('<Code>InvalidAction</Code>');
});
