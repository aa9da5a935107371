/** A queue as it is kept: attributes are the strings AWS returns. */
export interface QueueDocument {
  number: number;
  name: string;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  /** Milliseconds since 1970. */
  createdAt: number;
  modifiedAt: number;
}

export interface Redrive {
  /** ARN of the dead-letter queue. */
  target: string;
  maxReceiveCount: number;
}

/** What the queue model reads of the attributes, in milliseconds and bytes. */
export interface QueueSettings {
  visibilityTimeout: number;
  delay: number;
  retention: number;
  wait: number;
  maxMessageBytes: number;
  contentBasedDeduplication: boolean;
  dedupPerGroup: boolean;
  redrive: Redrive | undefined;
}

/** Defaults of AWS, in the units of the attributes (seconds, bytes). */
export const attributeDefaults = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  MaximumMessageSize: '1048576',
} as const;

export function settingsOf(attributes: Record<string, string>): QueueSettings {
  const number = (name: keyof typeof attributeDefaults): number =>
    Number(attributes[name] ?? attributeDefaults[name]);
  return {
    visibilityTimeout: number('VisibilityTimeout') * 1000,
    delay: number('DelaySeconds') * 1000,
    retention: number('MessageRetentionPeriod') * 1000,
    wait: number('ReceiveMessageWaitTimeSeconds') * 1000,
    maxMessageBytes: number('MaximumMessageSize'),
    contentBasedDeduplication: attributes.ContentBasedDeduplication === 'true',
    dedupPerGroup: attributes.DeduplicationScope === 'messageGroup',
    redrive: redriveOf(attributes.RedrivePolicy),
  };
}

function redriveOf(policy: string | undefined): Redrive | undefined {
  if (!policy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
  return { target: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) };
}
