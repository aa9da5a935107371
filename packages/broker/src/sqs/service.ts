import type { Service } from '../protocol/service.ts';
import type { ActionContext } from './context.ts';
import { listDeadLetterSourceQueues } from './dead-letters.ts';
import { limited } from './limited.ts';
import {
  cancelMessageMoveTask,
  listMessageMoveTasks,
  startMessageMoveTask,
} from './move-task-actions.ts';
import { addPermission, removePermission } from './permissions.ts';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueues,
  purgeQueue,
  setQueueAttributes,
} from './queues.ts';
import { receiveMessage } from './receive.ts';
import { sendMessage, sendMessageBatch } from './send.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './settle.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';

const list = (field: string) => ({ kind: 'list', field }) as const;
const map = (field: string, key = 'Name', value = 'Value') =>
  ({ kind: 'map', field, key, value }) as const;

/** The actions of SQS, and how the Query protocol writes their structures. */
export const sqsService: Service<ActionContext> = {
  target: 'AmazonSQS',
  errorNamespace: 'com.amazonaws.sqs',
  xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  xmlErrorDetail: '<Detail/>',
  version: '2012-11-05',
  actions: {
    CreateQueue: createQueue,
    GetQueueUrl: getQueueUrl,
    ListQueues: listQueues,
    GetQueueAttributes: getQueueAttributes,
    SetQueueAttributes: setQueueAttributes,
    DeleteQueue: deleteQueue,
    PurgeQueue: purgeQueue,
    SendMessage: limited('send', sendMessage),
    SendMessageBatch: limited('send', sendMessageBatch),
    ReceiveMessage: limited('receive', receiveMessage),
    DeleteMessage: limited('delete', deleteMessage),
    DeleteMessageBatch: limited('delete', deleteMessageBatch),
    ChangeMessageVisibility: limited('change', changeMessageVisibility),
    ChangeMessageVisibilityBatch: limited('change', changeMessageVisibilityBatch),
    AddPermission: addPermission,
    RemovePermission: removePermission,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
    ListQueueTags: listQueueTags,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    StartMessageMoveTask: startMessageMoveTask,
    CancelMessageMoveTask: cancelMessageMoveTask,
    ListMessageMoveTasks: listMessageMoveTasks,
  },
  input: {
    Attribute: map('Attributes'),
    Tag: map('Tags', 'Key', 'Value'),
    AttributeName: list('AttributeNames'),
    MessageSystemAttributeName: list('MessageSystemAttributeNames'),
    MessageAttributeName: list('MessageAttributeNames'),
    TagKey: list('TagKeys'),
    AWSAccountId: list('AWSAccountIds'),
    ActionName: list('Actions'),
    MessageAttribute: map('MessageAttributes'),
    MessageSystemAttribute: map('MessageSystemAttributes'),
    SendMessageBatchRequestEntry: list('Entries'),
    DeleteMessageBatchRequestEntry: list('Entries'),
    ChangeMessageVisibilityBatchRequestEntry: list('Entries'),
  },
  output: (action) => ({
    Attributes: { kind: 'map', element: 'Attribute', key: 'Name', value: 'Value' },
    MessageAttributes: { kind: 'map', element: 'MessageAttribute', key: 'Name', value: 'Value' },
    Tags: { kind: 'map', element: 'Tag', key: 'Key', value: 'Value' },
    Messages: { kind: 'list', element: 'Message' },
    QueueUrls: { kind: 'list', element: 'QueueUrl' },
    queueUrls: { kind: 'list', element: 'QueueUrl' },
    Successful: { kind: 'list', element: `${action}ResultEntry` },
    Failed: { kind: 'list', element: 'BatchResultErrorEntry' },
    Results: { kind: 'list', element: `${action}ResultEntry` },
  }),
};
