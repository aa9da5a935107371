import type { Input } from './input.ts';

/** How the Query protocol writes a list or map of a request: `wrapper` is the level SNS adds. */
export type InputRule =
  | { kind: 'list'; field: string; wrapper?: string }
  | { kind: 'map'; field: string; key: string; value: string; wrapper?: string };

/** How the Query protocol writes a list or map of an answer; `nested` under the field's own name, as SNS does. */
export type OutputRule =
  | { kind: 'list'; element: string; nested?: true }
  | { kind: 'map'; element: string; key: string; value: string; nested?: true };

/** One service on both protocols: its actions, and how Query names what JSON names. */
export interface Service<Context> {
  /** Prefix of X-Amz-Target. */
  target: string;
  errorNamespace: string;
  xmlNamespace: string;
  /** What stands in an XML error behind the message: SQS has an empty element there. */
  xmlErrorDetail: '' | '<Detail/>';
  /** `Version` of the Query protocol. */
  version: string;
  actions: Record<string, (input: Input, context: Context) => object | Promise<object>>;
  /** By the name on the wire. */
  input: Record<string, InputRule>;
  /** By the field of the answer. */
  output: (action: string) => Record<string, OutputRule>;
}
