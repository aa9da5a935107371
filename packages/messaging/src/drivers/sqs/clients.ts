import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

export interface SqsConnection {
  /** Of a broker that is not AWS; else the SDK's own settings hold (`AWS_ENDPOINT_URL_SQS`, `_SNS`). */
  readonly endpoint?: string;
  /** Else the SDK's own settings hold (`AWS_REGION`). */
  readonly region?: string;
  /** Else the SDK's own chain holds (environment, task role, pod identity). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** False for our own broker: requests then go unsigned. Default true. */
  readonly checksSignatures?: boolean;
  /** To a broker in this process: the same requests without the network. */
  readonly transport?: Transport;
}

/** Our broker checks no signatures, and making one is a sixth of a request's work. */
const unsigned = { signer: { sign: async <T>(request: T): Promise<T> => request } };

/** Carries a POST to a broker in this process, and its answer back. */
export type Transport = (request: {
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}>;

interface SdkRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const utf8 = new TextDecoder();

/** In place of the SDK's HTTP client. */
const handlerOf = (transport: Transport) => ({
  async handle({ path, headers, body }: SdkRequest, options: { abortSignal?: unknown } = {}) {
    const signal = options.abortSignal as AbortSignal | undefined;
    const text = typeof body === 'string' ? body : utf8.decode(body);
    const answer = await transport({ url: path, headers, body: text, signal });
    const { status: statusCode, headers: answered } = answer;
    return { response: { statusCode, headers: { ...answered }, body: Buffer.from(answer.body) } };
  },
});

export interface Clients {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
}

/** For an answer; a poll may take as long as it waits, and then this. */
export const REQUEST_TIMEOUT_MS = 10_000;

export function openClients(connection: SqsConnection): Clients {
  // Each long poll holds a socket, so they must never run out.
  const sockets = { keepAlive: true, maxSockets: 1024 };
  const { checksSignatures = true, transport, ...settings } = connection;
  const shared = {
    ...settings,
    ...(!checksSignatures && unsigned),
    requestHandler: transport
      ? handlerOf(transport)
      : {
          connectionTimeout: 5_000,
          requestTimeout: REQUEST_TIMEOUT_MS,
          throwOnRequestTimeout: true,
          httpAgent: new Agent(sockets),
          httpsAgent: new TlsAgent(sockets),
        },
  };
  return {
    sqs: new SQSClient({
      ...shared,
      // TLS or loopback already guards the bytes: no second checksum.
      md5: false,
      // A queue's URL names the broker as the broker sees itself, not always as we reach it.
      useQueueUrlAsEndpoint: false,
    }),
    sns: new SNSClient(shared),
  };
}
