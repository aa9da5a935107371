import type { OrderState } from './order.ts';

/** Where an order's stream is found, without a slash at the end. */
export interface StreamAddresses {
  /** What the addresses of its files begin with, for example `https://api/v1/orders/ord_...`. */
  readonly files: string;
  /** The page with a player. */
  readonly page: string;
}

/** As they are told at a time (RFC 3339): those of a signed order expire some time after it. */
export type AddressesOf = (
  order: Pick<OrderState, 'id' | 'request'>,
  at: string,
) => StreamAddresses;

/** Of an order that anyone may play. */
export const publicAddresses = (publicUrl: string, orderId: string): StreamAddresses => ({
  files: `${publicUrl}/v1/orders/${orderId}`,
  page: `${publicUrl}/play/${orderId}`,
});

/** Of an order that only holders of the token may play; relative addresses in playlists keep it. */
export const signedAddresses = (
  publicUrl: string,
  orderId: string,
  token: string,
): StreamAddresses => ({
  files: `${publicUrl}/v1/orders/${orderId}/signed/${token}`,
  page: `${publicUrl}/play/${orderId}/${token}`,
});
