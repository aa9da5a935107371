import { childTraceparent } from '@spillway/runtime';
import type { OutgoingMessage } from './port.ts';

/** The attribute that carries W3C Trace Context from message to message. */
export const TRACEPARENT = 'traceparent';

export interface MessageOptions extends Omit<OutgoingMessage, 'body'> {
  /** Of the work that sends the message; without it the message begins a new trace. */
  readonly traceparent?: string | undefined;
}

/** `content` as JSON, with the name of the span that sends it. */
export function jsonMessage(content: unknown, options: MessageOptions = {}): OutgoingMessage {
  const { traceparent, attributes, ...rest } = options;
  return {
    ...rest,
    body: JSON.stringify(content),
    attributes: { ...attributes, [TRACEPARENT]: traceparent ?? childTraceparent() },
  };
}
