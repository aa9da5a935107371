import type { Customer } from '@spillway/contracts';

/** Who asks: an API key speaks for one customer, or for the operator. */
export interface Caller {
  readonly customer: Customer;
  /** Sees the orders of all customers, and does what operators do. */
  readonly isAdmin: boolean;
}

export const maySee = (caller: Caller, { customerId }: { readonly customerId: string }): boolean =>
  caller.isAdmin || caller.customer.id === customerId;
