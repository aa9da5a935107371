import { invalidParameter } from '../protocol/errors.ts';
import { type Action, queueOf } from './context.ts';

const maxTags = 50;

export const tagQueue: Action = (input, context) => {
  const { document } = queueOf(input, context);
  const tags = { ...document.tags, ...input.map('Tags') };
  if (Object.keys(tags).length > maxTags) {
    throw invalidParameter(`Too many tags added for queue ${document.name}.`);
  }
  context.engine.queues.save({ ...document, tags });
  return {};
};

export const untagQueue: Action = (input, context) => {
  const { document } = queueOf(input, context);
  const tags = { ...document.tags };
  for (const key of input.texts('TagKeys')) delete tags[key];
  context.engine.queues.save({ ...document, tags });
  return {};
};

export const listQueueTags: Action = (input, context) => {
  const { tags } = queueOf(input, context).document;
  return Object.keys(tags).length > 0 ? { Tags: tags } : {};
};
