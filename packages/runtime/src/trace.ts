import { randomUUID } from 'node:crypto';

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/** 32 digits. `randomUUID` draws from a pool; `randomBytes` asks the system each time, for each message. */
const randomHex = (): string => randomUUID().replaceAll('-', '');

/** W3C Trace Context: a new span in the parent's trace, or a new trace where there is no valid parent. */
export function childTraceparent(parent?: string): string {
  const match = parent?.match(TRACEPARENT);
  const traceId = match?.[1] ?? randomHex();
  return `00-${traceId}-${randomHex().slice(16)}-${match?.[2] ?? '01'}`;
}

/** The trace id of a traceparent, for logs. */
export const traceIdOf = (traceparent: string | undefined): string | undefined =>
  traceparent?.match(TRACEPARENT)?.[1];

/** Names as OpenTelemetry has them, or `spillway.*`; what is not known is left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  /** Default `internal`. */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** The traceparent of the span above; without it a trace begins. */
  readonly parent?: string | undefined;
  readonly attributes?: SpanAttributes;
}

/** A piece of work of a trace. */
export interface Span {
  /** Names this span: what it sends takes it along, and spans below name it as their parent. */
  readonly traceparent: string;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** `failure`: the error, or a sentence, by which it failed. */
  end(failure?: unknown): void;
}

export type StartSpan = (name: string, options: SpanOptions) => Span;

const nothing = (): void => {};

/** Nobody collects spans: their names travel all the same, for the logs. */
const notCollected: StartSpan = (_name, { parent }) => ({
  traceparent: childTraceparent(parent),
  rename: nothing,
  set: nothing,
  end: nothing,
});

/** Of the process, as the variables are that switch it on. */
let start = notCollected;

/** From now on spans go there; null: nowhere. */
export function collectSpans(collect: StartSpan | null): void {
  start = collect ?? notCollected;
}

/** Begins a span; the caller ends it. Costs next to nothing while nobody collects them. */
export const startSpan = (name: string, options: SpanOptions = {}): Span => start(name, options);

/** The span ends with the work, and fails with it. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = startSpan(name, options);
  try {
    const value = await work(span);
    span.end();
    return value;
  } catch (error) {
    span.end(error);
    throw error;
  }
}
