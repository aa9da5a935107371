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
