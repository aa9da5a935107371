import { invalidValue, missingParameter } from '../protocol/errors.ts';
import { type Policy, readPolicy, statementOf } from '../protocol/policy.ts';
import type { Queue } from '../queue/queue.ts';
import { type Action, type ActionContext, queueOf } from './context.ts';

function policyOf(queue: Queue, arn: string): Policy {
  const kept = queue.document.attributes.Policy;
  return kept
    ? readPolicy(kept)
    : { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
}

function savePolicy(queue: Queue, policy: Policy, { engine }: ActionContext): void {
  const { Policy: _, ...attributes } = queue.document.attributes;
  const kept = policy.Statement.length > 0 ? { Policy: JSON.stringify(policy) } : {};
  const modifiedAt = engine.now();
  engine.queues.save({ ...queue.document, attributes: { ...attributes, ...kept }, modifiedAt });
}

export const addPermission: Action = (input, context) => {
  const queue = queueOf(input, context);
  const label = input.required('Label');
  const accounts = input.texts('AWSAccountIds');
  const actions = input.texts('Actions');
  if (accounts.length === 0) throw missingParameter('AWSAccountIds');
  if (actions.length === 0) throw missingParameter('Actions');
  const resource = context.engine.queues.arnOf(queue);
  const policy = policyOf(queue, resource);
  if (policy.Statement.some(({ Sid }) => Sid === label)) {
    throw invalidValue(label, 'Label', 'Already exists.');
  }
  policy.Statement.push(statementOf({ label, accounts, actions, service: 'SQS', resource }));
  savePolicy(queue, policy, context);
  return {};
};

export const removePermission: Action = (input, context) => {
  const queue = queueOf(input, context);
  const label = input.required('Label');
  const policy = policyOf(queue, context.engine.queues.arnOf(queue));
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== label);
  if (Statement.length === policy.Statement.length) {
    throw invalidValue(label, 'Label', "can't find label.");
  }
  savePolicy(queue, { ...policy, Statement }, context);
  return {};
};
