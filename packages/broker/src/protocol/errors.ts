import { StorageError } from '../store/storage-error.ts';

/** An error of the service, as AWS names it on both protocols. */
export class ServiceError extends Error {
  /** Code of the Query protocol, also in the header `x-amzn-query-error`. */
  readonly code: string;
  /** Shape of the JSON protocol's `__type`. */
  readonly type: string;
  readonly status: number;
  readonly fault: 'Sender' | 'Receiver';
  /** Message on the Query protocol where AWS words it otherwise. */
  readonly queryMessage: string;

  constructor(options: {
    code: string;
    type?: string;
    message: string;
    queryMessage?: string;
    status?: number;
  }) {
    super(options.message);
    this.name = 'ServiceError';
    this.code = options.code;
    this.type = options.type ?? options.code;
    this.status = options.status ?? 400;
    this.fault = this.status >= 500 ? 'Receiver' : 'Sender';
    this.queryMessage = options.queryMessage ?? options.message;
  }
}

const sqs = (name: string): string => `AWS.SimpleQueueService.${name}`;

export function queueDoesNotExist(): ServiceError {
  return new ServiceError({
    code: sqs('NonExistentQueue'),
    type: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
    queryMessage: 'The specified queue does not exist for this wsdl version.',
  });
}

/** An error whose code carries the old namespace of SQS on the wire. */
export function sqsError(name: string, message: string, status = 400): ServiceError {
  return new ServiceError({ code: sqs(name), type: name, message, status });
}

export function invalidParameter(message: string): ServiceError {
  const code = 'InvalidParameterValue';
  return new ServiceError({ code, type: 'InvalidParameterValueException', message });
}

/** The usual wording for one parameter. */
export function invalidValue(value: unknown, parameter: string, reason: string): ServiceError {
  return invalidParameter(
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}

export function missingParameter(parameter: string): ServiceError {
  return new ServiceError({
    code: 'MissingParameter',
    type: 'MissingRequiredParameterException',
    message: `The request must contain the parameter ${parameter}.`,
  });
}

export function invalidAttributeName(message: string): ServiceError {
  return new ServiceError({ code: 'InvalidAttributeName', message });
}

export function invalidAttributeValue(attribute: string, reason = ''): ServiceError {
  const message = `Invalid value for the parameter ${attribute}.${reason && ` Reason: ${reason}`}`;
  return new ServiceError({ code: 'InvalidAttributeValue', message });
}

export function receiptHandleIsInvalid(handle: string): ServiceError {
  const message = `The input receipt handle "${handle}" is not a valid receipt handle.`;
  return new ServiceError({ code: 'ReceiptHandleIsInvalid', message });
}

export function resourceNotFound(message: string): ServiceError {
  return new ServiceError({ code: 'ResourceNotFoundException', message, status: 404 });
}

export function serialization(message: string): ServiceError {
  return new ServiceError({ code: 'SerializationException', message });
}

export function unknownAction(action: string): ServiceError {
  return new ServiceError({
    code: 'InvalidAction',
    type: 'UnknownOperationException',
    message: `The action ${action} is not valid for this endpoint.`,
  });
}

export function internalFailure(message: string): ServiceError {
  return new ServiceError({ code: 'InternalFailure', message, status: 500 });
}

/** What a client is told of a condition that is known; undefined: a fault of ours. */
export function knownCondition(error: unknown): ServiceError | undefined {
  if (error instanceof StorageError) return internalFailure(error.message);
  return error instanceof ServiceError ? error : undefined;
}
