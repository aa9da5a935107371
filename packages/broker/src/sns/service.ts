import type { Service } from '../protocol/service.ts';
import type { ActionContext } from '../sqs/context.ts';
import {
  addPermission,
  getDataProtectionPolicy,
  putDataProtectionPolicy,
  removePermission,
} from './policy-actions.ts';
import { publish, publishBatch } from './publish.ts';
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from './subscription-actions.ts';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTagsForResource,
  listTopics,
  setTopicAttributes,
  tagResource,
  untagResource,
} from './topic-actions.ts';

const members = (field: string) => ({ kind: 'list', field, wrapper: 'member' }) as const;
const listed = { kind: 'list', element: 'member', nested: true } as const;

/** The actions of SNS, and how the Query protocol writes their structures. */
export const snsService: Service<ActionContext> = {
  target: 'AmazonSimpleNotificationService',
  errorNamespace: 'com.amazonaws.sns',
  xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  xmlErrorDetail: '',
  version: '2010-03-31',
  actions: {
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    ListTopics: listTopics,
    GetTopicAttributes: getTopicAttributes,
    SetTopicAttributes: setTopicAttributes,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsForResource: listTagsForResource,
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
    GetSubscriptionAttributes: getSubscriptionAttributes,
    SetSubscriptionAttributes: setSubscriptionAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    Publish: publish,
    PublishBatch: publishBatch,
    AddPermission: addPermission,
    RemovePermission: removePermission,
    PutDataProtectionPolicy: putDataProtectionPolicy,
    GetDataProtectionPolicy: getDataProtectionPolicy,
    ConfirmSubscription: confirmSubscription,
  },
  input: {
    Attributes: { kind: 'map', field: 'Attributes', key: 'key', value: 'value', wrapper: 'entry' },
    MessageAttributes: {
      kind: 'map',
      field: 'MessageAttributes',
      key: 'Name',
      value: 'Value',
      wrapper: 'entry',
    },
    Tags: members('Tags'),
    TagKeys: members('TagKeys'),
    AWSAccountId: members('AWSAccountId'),
    ActionName: members('ActionName'),
    PublishBatchRequestEntries: members('PublishBatchRequestEntries'),
  },
  output: () => ({
    Attributes: { kind: 'map', element: 'entry', key: 'key', value: 'value', nested: true },
    Topics: listed,
    Subscriptions: listed,
    Tags: listed,
    Successful: listed,
    Failed: listed,
  }),
};
