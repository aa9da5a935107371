import { ECSServiceException } from '@aws-sdk/client-ecs';

/** Why ECS launched a task not: the label of a metric. */
export type RefusalReason =
  | 'capacity'
  | 'quota'
  | 'throttled'
  | 'denied'
  | 'account_blocked'
  | 'configuration'
  | 'other';

/** Quotas come as exceptions of several names and as reasons of failures; their words have it in common. */
const QUOTA = /reached the limit|limit exceeded|quota/i;
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Failure.html, and Fargate's own sentence.
const CAPACITY = /^RESOURCE:|capacity is unavailable|insufficient capacity/i;
/** No container instance is fit at all, whatever room it has. */
const MISFIT = /^(ATTRIBUTE|AGENT|LOCATION|INACTIVE|MISSING)/;

/** Of an entry of `failures`. */
export function reasonOfFailure(text: string): RefusalReason {
  if (QUOTA.test(text)) return 'quota';
  if (CAPACITY.test(text)) return 'capacity';
  return MISFIT.test(text) ? 'configuration' : 'other';
}

const byName: Readonly<Record<string, RefusalReason>> = {
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  LimitExceededException: 'quota',
  ServiceQuotaExceededException: 'quota',
  AccessDeniedException: 'denied',
  BlockedException: 'account_blocked',
  // Among them: a revision of the task definition that was deregistered.
  ClientException: 'configuration',
  ClusterNotFoundException: 'configuration',
  InvalidParameterException: 'configuration',
  PlatformTaskDefinitionIncompatibilityException: 'configuration',
  PlatformUnknownException: 'configuration',
  UnsupportedFeatureException: 'configuration',
};

/** Of a request that ECS refused as a whole; null when it may have launched something after all. */
export function reasonOfError(error: unknown): RefusalReason | null {
  if (!(error instanceof ECSServiceException)) return null;
  if (QUOTA.test(error.message)) return 'quota';
  if (CAPACITY.test(error.message)) return 'capacity';
  return byName[error.name] ?? null;
}
