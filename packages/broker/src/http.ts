import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { BrokerRequest, BrokerResponse, Page } from './options.ts';
import {
  internalFailure,
  knownCondition,
  type ServiceError,
  serialization,
  unknownAction,
} from './protocol/errors.ts';
import { Input } from './protocol/input.ts';
import { decodeForm, encodeXml, escapeXml } from './protocol/query.ts';
import type { Service } from './protocol/service.ts';
import type { ActionContext } from './sqs/context.ts';

/** What the HTTP side needs of the broker. */
export interface Backend {
  services: Service<ActionContext>[];
  context(request: Pick<ActionContext, 'baseUrl' | 'protocol' | 'onGone' | 'trace'>): ActionContext;
  /** Calls back when what was answered is on disk. */
  whenDurable(callback: (error?: Error) => void): void;
  /** After each request was acted on: deadlines may have changed, a long poll may wait for one. */
  afterRequest(): void;
  /** Answers to GET by path. */
  pages: Record<string, Page>;
  unexpected(error: unknown): void;
}

// 1 MiB of messages may be 3 MiB when the Query protocol escapes every byte, and attributes come on top.
const maxRequestBytes = 16 * 1024 * 1024;

interface Call {
  service: Service<ActionContext>;
  action: string;
  params: Record<string, unknown>;
  protocol: 'json' | 'query';
}

/** Clients keep connections for reuse; the server must not close one just as it is used again. */
const keepAliveMilliseconds = 120_000;

/** What a broker answers from the moment it begins to stop. */
export const stopping: BrokerResponse = contentOf(503, 'text/plain', 'The broker stops.\n', {});

/** The link in a notification; it holds a name that nobody can guess. */
const unsubscribeLink = /^\/\?Action=Unsubscribe&/;

export function createHttpServer(backend: Backend): Server {
  const server = createServer({ keepAliveTimeout: keepAliveMilliseconds }, (request, response) => {
    if (!server.listening) {
      // A consumer that asks again on the connection it has would never let the broker stop.
      const { status, headers, body } = stopping;
      response.writeHead(status, { ...headers, connection: 'close' }).end(body);
      return;
    }
    // A web page may post forms to any address of its reader's machine; browsers name the page.
    if (request.headers.origin !== undefined) {
      send(response, 403, 'text/plain', 'Requests of web pages are not answered.\n');
      return;
    }
    const page = request.method === 'GET' ? backend.pages[request.url ?? ''] : undefined;
    if (page) {
      void showPage(page, response, backend);
      return;
    }
    // An image of a web page is fetched with GET, and then nothing names the page.
    if (request.method !== 'POST' && !unsubscribeLink.test(request.url ?? '')) {
      send(response, 405, 'text/plain', 'Requests are made with POST.\n', { Allow: 'POST' });
      return;
    }
    readBody(request, (body) => {
      if (body === undefined) response.writeHead(413, { Connection: 'close' }).end();
      else handle(exchangeOf(request, response, body), backend);
    });
  });
  return server;
}

async function showPage(page: Page, response: ServerResponse, backend: Backend): Promise<void> {
  try {
    const { type, body, status = 200 } = await page();
    send(response, status, type, body);
  } catch (error) {
    backend.unexpected(error);
    send(response, 500, 'text/plain', 'failed\n');
  }
}

function readBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxRequestBytes) chunks.push(chunk);
    else if (bytes - chunk.length <= maxRequestBytes) done(undefined);
  });
  request.on('end', () => {
    if (bytes > maxRequestBytes) return;
    const [only] = chunks;
    done(only && chunks.length === 1 ? only.toString() : Buffer.concat(chunks).toString());
  });
}

/** A request and the way to answer it, over HTTP or within the process. */
interface Exchange extends Omit<BrokerRequest, 'signal'> {
  onGone(gone: () => void): void;
  answer(response: BrokerResponse): void;
}

function exchangeOf(request: IncomingMessage, response: ServerResponse, body: string): Exchange {
  return {
    url: request.url ?? '/',
    headers: request.headers,
    body,
    onGone: (gone) => void response.once('close', gone),
    answer: ({ status, headers, body }) => {
      if (!response.destroyed) response.writeHead(status, headers).end(body);
    },
  };
}

/** Answers as over HTTP; a caller that aborts hears nothing more. */
export function request(
  { signal, ...given }: BrokerRequest,
  backend: Backend,
): Promise<BrokerResponse> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    // A caller may use one signal for all its requests, so none may leave anything on it.
    const listeners: (() => void)[] = [];
    const onGone = (gone: () => void): void => {
      signal?.addEventListener('abort', gone);
      listeners.push(gone);
    };
    const answer = (response: BrokerResponse): void => {
      for (const listener of listeners) signal?.removeEventListener('abort', listener);
      resolve(response);
    };
    onGone(() => reject(signal?.reason));
    handle({ ...given, onGone, answer }, backend);
  });
}

function handle(exchange: Exchange, backend: Backend): void {
  const { url, headers, body, onGone } = exchange;
  const target = headers['x-amz-target'];
  const json = typeof target === 'string';
  let call: Call | undefined;
  const refuse = (error: unknown): void => {
    const known = knownCondition(error);
    if (!known) backend.unexpected(error);
    const told =
      known ?? internalFailure('The request failed inside the broker; its log says why.');
    fail(exchange, told, json, call);
  };
  const answer = (result: object): void => {
    backend.whenDurable((error) => {
      if (error) refuse(error);
      else if (call) succeed(exchange, call, result);
    });
  };
  try {
    call = json
      ? parseJson(target, body, backend.services)
      : parseQuery(url, body, backend.services);
    const act = call.service.actions[call.action];
    if (!act) throw unknownAction(call.action);
    const baseUrl = `http://${headers.host ?? 'localhost'}`;
    const trace = headers['x-amzn-trace-id']?.toString();
    const { protocol } = call;
    const context = backend.context({ baseUrl, protocol, trace, onGone });
    const result = act(new Input(call.params), context);
    backend.afterRequest();
    if (result instanceof Promise) result.then(answer, refuse);
    else answer(result);
  } catch (error) {
    refuse(error);
  }
}

function parseJson(target: string, body: string, services: Service<ActionContext>[]): Call {
  const dot = target.indexOf('.');
  const action = target.slice(dot + 1);
  const service = services.find((candidate) => candidate.target === target.slice(0, dot));
  if (!service || !Object.hasOwn(service.actions, action)) throw unknownAction(action);
  try {
    const params = body === '' ? {} : JSON.parse(body);
    return { service, action, params, protocol: 'json' };
  } catch {
    throw serialization('The request is not valid JSON.');
  }
}

function parseQuery(url: string, body: string, services: Service<ActionContext>[]): Call {
  const [path = '/', query = ''] = url.split('?', 2);
  const form = new URLSearchParams(body || query);
  const action = form.get('Action') ?? '';
  const version = form.get('Version');
  const able = services.filter((candidate) => Object.hasOwn(candidate.actions, action));
  const service = able.find((candidate) => candidate.version === version) ?? able[0];
  if (!service) throw unknownAction(action);
  const params = decodeForm(form, service.input);
  // The older protocol posts to the queue's own URL.
  if (path.length > 1 && params.QueueUrl === undefined) params.QueueUrl = path;
  return { service, action, params, protocol: 'query' };
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

function contentOf(
  status: number,
  type: string,
  body: string,
  headers: Record<string, string>,
): BrokerResponse {
  const length = String(Buffer.byteLength(body));
  return { status, headers: { 'content-type': type, 'content-length': length, ...headers }, body };
}

function succeed(exchange: Exchange, call: Call, result: object): void {
  const requestId = randomUUID();
  if (call.protocol === 'json') {
    const body = JSON.stringify(result);
    exchange.answer(
      contentOf(200, 'application/x-amz-json-1.0', body, { 'x-amzn-requestid': requestId }),
    );
    return;
  }
  const { service, action } = call;
  const content = encodeXml(result, service.output(action));
  const inner =
    content === '' && !resultElementWhenEmpty.has(action)
      ? ''
      : `<${action}Result>${content}</${action}Result>`;
  const xml = `<?xml version="1.0"?><${action}Response xmlns="${service.xmlNamespace}">${inner}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
  exchange.answer(contentOf(200, 'text/xml', xml, { 'x-amzn-requestid': requestId }));
}

/** Actions whose answer has a result element even when nothing is in it. */
const resultElementWhenEmpty = new Set([
  ...['ReceiveMessage', 'ListQueues', 'GetQueueAttributes', 'ListQueueTags'],
  ...['ListDeadLetterSourceQueues', 'ListMessageMoveTasks', 'TagResource', 'UntagResource'],
]);

function fail(
  exchange: Exchange,
  error: ServiceError,
  json: boolean,
  call: Call | undefined,
): void {
  const requestId = randomUUID();
  const { code, type, message, status, fault } = error;
  if (json) {
    const namespace = call?.service.errorNamespace ?? 'com.amazon.coral.service';
    const body = JSON.stringify({ __type: `${namespace}#${type}`, message });
    exchange.answer(
      contentOf(status, 'application/x-amz-json-1.0', body, {
        'x-amzn-requestid': requestId,
        'x-amzn-query-error': `${code};${fault}`,
      }),
    );
    return;
  }
  const text = escapeXml(error.queryMessage);
  const namespace = call ? ` xmlns="${call.service.xmlNamespace}"` : '';
  const xml = `<?xml version="1.0"?><ErrorResponse${namespace}><Error><Type>${fault}</Type><Code>${code}</Code><Message>${text}</Message>${call?.service.xmlErrorDetail ?? ''}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  exchange.answer(contentOf(status, 'text/xml', xml, { 'x-amzn-requestid': requestId }));
}
