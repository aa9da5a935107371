import { createHash } from 'node:crypto';
import { invalidParameter } from '../protocol/errors.ts';
import { Input } from '../protocol/input.ts';

/** A message attribute as it is sent and returned; binary values are base64. */
export interface AttributeValue {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}

export type MessageAttributes = Record<string, AttributeValue>;

const maxAttributes = 10;
const namePattern = /^[A-Za-z0-9_.-]{1,256}$/;

function baseType(dataType: string): string {
  const dot = dataType.indexOf('.');
  return dot < 0 ? dataType : dataType.slice(0, dot);
}

/** @throws ServiceError InvalidParameterValue with the wording of AWS */
export function parseMessageAttributes(input: Input, field: string): MessageAttributes | undefined {
  const given = input.structure(field);
  if (!given) return undefined;
  const names = Object.keys(given);
  if (names.length === 0) return undefined;
  if (names.length > maxAttributes) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${maxAttributes}].`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, parseValue(name, new Input(given[name]))]));
}

function parseValue(name: string, value: Input): AttributeValue {
  checkName(name);
  const dataType = value.text('DataType');
  if (!dataType) {
    throw invalidParameter(
      `The message attribute '${name}' must contain non-empty message attribute type.`,
    );
  }
  const type = baseType(dataType);
  const stringValue = value.text('StringValue');
  const binaryValue = value.text('BinaryValue');
  if (type !== 'String' && type !== 'Number' && type !== 'Binary') {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const content = type === 'Binary' ? binaryValue : stringValue;
  if (!content) {
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`,
    );
  }
  if (type === 'Number' && !Number.isFinite(Number(content))) {
    throw invalidParameter(
      `Can't cast the value of message (user) attribute '${name}' to a number.`,
    );
  }
  return type === 'Binary'
    ? { DataType: dataType, BinaryValue: content }
    : { DataType: dataType, StringValue: content };
}

function checkName(name: string): void {
  const dots = name.startsWith('.') || name.endsWith('.') || name.includes('..');
  if (/^(aws|amazon)\./i.test(name) || dots || !namePattern.test(name)) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid: it can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.), up to 256 of them; it must not begin with AWS. or Amazon., nor begin or end with a period, nor contain successive periods.`,
    );
  }
}

function contentOf(value: AttributeValue): Buffer {
  return value.BinaryValue === undefined
    ? Buffer.from(value.StringValue ?? '')
    : Buffer.from(value.BinaryValue, 'base64');
}

/** Bytes that count against the size of a message: names, types and values. */
export function attributesBytes(attributes: MessageAttributes | undefined): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value.DataType) + contentOf(value).length;
  }
  return bytes;
}

/** MD5 over the attributes in the order of their names, each part with its length in front. */
export function attributesMd5(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  const part = (content: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    hash.update(length).update(content);
  };
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name] as AttributeValue;
    part(Buffer.from(name));
    part(Buffer.from(value.DataType));
    hash.update(Buffer.from([value.BinaryValue === undefined ? 1 : 2]));
    part(contentOf(value));
  }
  return hash.digest('hex');
}

/** The attributes a receiver asked for: names, prefixes ending in `.*`, `*`, `.*` or `All`. */
export function selectAttributes(
  attributes: MessageAttributes | undefined,
  wanted: readonly string[],
): MessageAttributes | undefined {
  if (!attributes || wanted.length === 0) return undefined;
  const chosen = Object.entries(attributes).filter(([name]) =>
    wanted.some((pattern) => {
      if (pattern === 'All' || pattern === '*') return true;
      return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
    }),
  );
  return chosen.length > 0 ? Object.fromEntries(chosen) : undefined;
}
