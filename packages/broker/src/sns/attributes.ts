import { ServiceError } from '../protocol/errors.ts';
import { Input } from '../protocol/input.ts';
import type { AttributeValue, MessageAttributes } from '../sqs/message-attributes.ts';
import { attributeInvalid } from './errors.ts';

const typePattern = /^(String|Number|Binary)(\..+)?$/;

/**
 * The message attributes of a publication; `path` names them in AWS's validation errors.
 * @throws ServiceError ParameterValueInvalid, ValidationError
 */
export function parseTopicAttributes(input: Input, path: string): MessageAttributes | undefined {
  const given = Object.entries(input.structure('MessageAttributes') ?? {});
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map(([name, value]) => [name, parseValue(name, new Input(value), path)]),
  );
}

function parseValue(name: string, value: Input, path: string): AttributeValue {
  const dataType = value.text('DataType');
  if (dataType === undefined) {
    throw new ServiceError({
      code: 'ValidationError',
      type: 'ValidationException',
      message: `1 validation error detected: Value null at '${path}.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
    });
  }
  checkName(name);
  const type = typePattern.exec(dataType)?.[1];
  if (!type) {
    throw attributeInvalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const field = type === 'Binary' ? 'Binary' : 'String';
  const other = value.text(type === 'Binary' ? 'StringValue' : 'BinaryValue');
  if (other) {
    throw attributeInvalid(
      `The message attribute '${name}' with type '${dataType}' must use field '${field}'.`,
    );
  }
  const content = value.text(`${field}Value`);
  if (!content) {
    throw attributeInvalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  }
  return field === 'Binary'
    ? { DataType: dataType, BinaryValue: content }
    : { DataType: dataType, StringValue: content };
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) > 256) {
    throw attributeInvalid('Length of message attribute name must be less than 256 bytes.');
  }
  const odd = /[^A-Za-z0-9_.-]/u.exec(name)?.[0];
  if (odd) {
    const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase();
    throw attributeInvalid(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  for (const [edge, found] of [
    ['starting', name.startsWith('.')],
    ['ending', name.endsWith('.')],
  ] as const) {
    if (!found) continue;
    throw attributeInvalid(`Invalid message attribute name ${edge} with character '.' was found.`);
  }
  if (name.includes('..')) {
    throw attributeInvalid("Message attribute name can not have successive '.' character.");
  }
}
