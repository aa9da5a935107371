import { OrderId } from '@spillway/contracts';

/** Says where a page ends; opaque to clients, so that its content may change. */
export const encodeCursor = (orderId: string): string => Buffer.from(orderId).toString('base64url');

/** Null when it is not one of ours. */
export function decodeCursor(cursor: string): string | null {
  const parsed = OrderId.safeParse(Buffer.from(cursor, 'base64url').toString());
  return parsed.success ? parsed.data : null;
}
