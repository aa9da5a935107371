import { ServiceError } from '../protocol/errors.ts';

/** SNS words most refusals as `Invalid parameter: ...`. */
export function invalidTopicParameter(what: string): ServiceError {
  return new ServiceError({
    code: 'InvalidParameter',
    type: 'InvalidParameterException',
    message: `Invalid parameter: ${what}`,
  });
}

export function notFound(what: 'Topic' | 'Subscription'): ServiceError {
  return new ServiceError({
    code: 'NotFound',
    type: 'NotFoundException',
    message: `${what} does not exist`,
    status: 404,
  });
}

/** Of the actions on tags and data protection, which name their topic as a resource. */
export function resourceNotFound(): ServiceError {
  return new ServiceError({
    code: 'ResourceNotFound',
    type: 'ResourceNotFoundException',
    message: 'Resource does not exist',
    status: 404,
  });
}

export function attributeInvalid(message: string): ServiceError {
  return new ServiceError({
    code: 'ParameterValueInvalid',
    type: 'InvalidParameterValueException',
    message,
  });
}

export function snsError(name: string, message: string): ServiceError {
  return new ServiceError({ code: name, type: `${name}Exception`, message });
}

/** @throws ServiceError when it is not of the form of an ARN */
export function checkArn(arn: string, parameter: string, elements = 6): void {
  const found = arn.split(':').length;
  if (found < elements) {
    throw invalidTopicParameter(
      `${parameter} Reason: An ARN must have at least ${elements} elements, not ${found}`,
    );
  }
}
