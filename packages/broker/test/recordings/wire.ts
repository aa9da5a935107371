import { type Element, parseXml } from './xml.ts';

export type Protocol = 'json' | 'query';
export type ServiceName = 'sqs' | 'sns';
export type Params = Record<string, unknown>;

/** A received message. */
export interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, unknown>;
}

/** An answer in the shape of the recordings. Named are the fields that scenarios read; the whole is compared. */
export interface Answer {
  ResponseMetadata: { HTTPStatusCode: number };
  Error?: { Code: string; Message: string; Type?: string };
  Attributes?: Record<string, string>;
  QueueUrl?: string;
  QueueUrls?: string[];
  NextToken?: string;
  MessageId?: string;
  SequenceNumber?: string;
  Messages?: Message[];
  Successful?: { Id: string; MessageId: string; SequenceNumber?: string }[];
  Failed?: { Id: string; Code: string }[];
  TaskHandle?: string;
  Results?: { Status: string; ApproximateNumberOfMessagesMoved: number }[];
  TopicArn?: string;
  Topics?: { TopicArn: string }[];
  SubscriptionArn?: string;
  Subscriptions?: { SubscriptionArn: string; TopicArn: string; Endpoint: string }[];
  Tags?: unknown;
}

const services = {
  sqs: { target: 'AmazonSQS', version: '2012-11-05' },
  sns: { target: 'AmazonSimpleNotificationService', version: '2010-03-31' },
};

// Above the longest poll of a scenario: an answer that never comes fails the scenario, not the suite.
const patienceMilliseconds = 15_000;

/** Sends one request as an AWS SDK would, and reads the answer as boto does, an error too. */
export async function request(
  endpoint: string,
  service: ServiceName,
  protocol: Protocol,
  action: string,
  params: Params,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { target, version } = services[service];
  const signal = AbortSignal.timeout(patienceMilliseconds);
  if (protocol === 'json') {
    const body = JSON.stringify(jsonValue(params));
    const type = { 'Content-Type': 'application/x-amz-json-1.0' };
    const all = { ...type, 'X-Amz-Target': `${target}.${action}`, ...headers };
    return readJson(await fetch(endpoint, { method: 'POST', headers: all, body, signal }));
  }
  const form = new URLSearchParams({ Action: action, Version: version });
  for (const [name, value] of Object.entries(params)) addToForm(form, service, action, name, value);
  const response = await fetch(endpoint, { method: 'POST', headers, body: form, signal });
  return readXml(response.status, await response.text(), service, action);
}

function jsonValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonValue(item)]));
}

/** How SQS writes lists and maps in a form: without their plural, and flat. */
const sqsNames: Record<string, string> = {
  Attributes: 'Attribute',
  AttributeNames: 'AttributeName',
  MessageAttributes: 'MessageAttribute',
  MessageAttributeNames: 'MessageAttributeName',
  MessageSystemAttributes: 'MessageSystemAttribute',
  MessageSystemAttributeNames: 'MessageSystemAttributeName',
  Tags: 'Tag',
  TagKeys: 'TagKey',
  AWSAccountIds: 'AWSAccountId',
  Actions: 'ActionName',
};

function addToForm(
  form: URLSearchParams,
  service: ServiceName,
  action: string,
  path: string,
  value: unknown,
): void {
  const add = (name: string, item: unknown) => addToForm(form, service, action, name, item);
  const dot = path.lastIndexOf('.') + 1;
  const field = path.slice(dot);
  const sqsName = field === 'Entries' ? `${action}RequestEntry` : sqsNames[field];
  const flat = path.slice(0, dot) + sqsName;
  if (value === undefined) return;
  if (Buffer.isBuffer(value)) form.append(path, value.toString('base64'));
  else if (typeof value !== 'object' || value === null) form.append(path, String(value));
  else if (Array.isArray(value)) {
    const base = service === 'sqs' ? flat : `${path}.member`;
    for (const [index, item] of value.entries()) add(`${base}.${index + 1}`, item);
    if (value.length === 0) form.append(service === 'sqs' ? flat : path, '');
  } else if (sqsName && Object.keys(value).length > 0) {
    const base = service === 'sqs' ? flat : `${path}.entry`;
    const [key, content] = mapNames(service, field);
    for (const [index, [name, item]] of Object.entries(value).entries()) {
      add(`${base}.${index + 1}.${key}`, name);
      add(`${base}.${index + 1}.${content}`, item);
    }
  } else {
    for (const [name, item] of Object.entries(value)) add(`${path}.${name}`, item);
  }
}

function mapNames(service: ServiceName, field: string): [string, string] {
  if (service === 'sns' && field === 'Attributes') return ['key', 'value'];
  return field === 'Tags' ? ['Key', 'Value'] : ['Name', 'Value'];
}

async function readJson(response: Response): Promise<Answer> {
  const body = (await response.json()) as Record<string, string>;
  const ResponseMetadata = { HTTPStatusCode: response.status };
  if (response.ok) return { ...(binaries(body) as object), ResponseMetadata };
  const shape = body.__type?.replace(/^.*#/, '') ?? '';
  const [code = shape, fault] = response.headers.get('x-amzn-query-error')?.split(';') ?? [];
  const error = {
    Code: code,
    Message: body.message ?? body.Message ?? '',
    ...(fault && { QueryErrorCode: shape, Type: fault }),
  };
  return { Error: error, ResponseMetadata };
}

function binaries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(binaries);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const binary = key === 'BinaryValue' && typeof item === 'string';
      return [key, binary ? Buffer.from(item, 'base64') : binaries(item)];
    }),
  );
}

function readXml(status: number, xml: string, service: ServiceName, action: string): Answer {
  const root = parseXml(xml);
  const ResponseMetadata = { HTTPStatusCode: status };
  if (status >= 300) {
    const error = root.children.find((child) => child.name === 'Error');
    // Boto reads an empty element of an error, such as Detail, as nothing.
    const fields = error?.children.map(({ name, text }) => [name, text || null]) ?? [];
    return { Error: Object.fromEntries(fields), ResponseMetadata };
  }
  const result = root.children.find((child) => child.name === `${action}Result`);
  return { ...(result && structure(result, service)), ResponseMetadata };
}

/** Elements of SQS that repeat without a wrapper, by the field that they belong to. */
const sqsRepeated: Record<string, string> = {
  Message: 'Messages',
  QueueUrl: 'QueueUrls',
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  Tag: 'Tags',
  BatchResultErrorEntry: 'Failed',
  SendMessageBatchResultEntry: 'Successful',
  DeleteMessageBatchResultEntry: 'Successful',
  ChangeMessageVisibilityBatchResultEntry: 'Successful',
  ListMessageMoveTasksResultEntry: 'Results',
};

/** Lists and maps of SNS, which may be empty. */
const snsLists =
  /^(Topics|Subscriptions|Tags|Successful|Failed|PlatformApplications|Endpoints|phoneNumbers|PhoneNumbers)$/;

function structure(element: Element, service: ServiceName): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const child of element.children) {
    const repeated = service === 'sqs' ? sqsRepeated[child.name] : undefined;
    const alone = child.name === 'QueueUrl' && !/^List/.test(element.name);
    const inBatchError = child.name === 'Message' && child.children.length === 0;
    if (!repeated || alone || inBatchError) read[child.name] = content(child, service);
    else if (/Attribute|Tag/.test(child.name)) {
      const [key, value] = child.children;
      if (!key || !value) throw new Error(`<${child.name}> is not a pair`);
      read[repeated] = { ...(read[repeated] as object), [key.text]: content(value, service) };
    } else {
      const list = (read[repeated] ?? []) as unknown[];
      read[repeated] = [...list, content(child, service)];
    }
  }
  return read;
}

function content(element: Element, service: ServiceName): unknown {
  const { name, text, children } = element;
  if (service === 'sns' && snsLists.test(name))
    return children.map((item) => content(item, service));
  if (service === 'sns' && name === 'Attributes') {
    return Object.fromEntries(
      children.map((pair) => [pair.children[0]?.text, pair.children[1]?.text]),
    );
  }
  if (children.length > 0 || (service === 'sqs' && sqsRepeated[name] === 'Messages')) {
    return structure(element, service);
  }
  if (name === 'BinaryValue') return Buffer.from(text, 'base64');
  if (name === 'SenderFault' || name === 'isOptedOut') return text === 'true';
  return text;
}
