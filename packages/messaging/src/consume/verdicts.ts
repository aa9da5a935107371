/** Thrown by a handler: not for me, or not now. Comes back after the delay without counting as an attempt. */
export class GiveBack extends Error {
  override name = 'GiveBack';
  readonly delaySeconds: number;

  constructor(delaySeconds: number, reason = 'given back') {
    super(reason);
    this.delaySeconds = delaySeconds;
  }
}

/** Thrown by a handler: no further attempt can succeed. The message goes to the dead-letter queue. */
export class Permanent extends Error {
  override name = 'Permanent';
}

/** Thrown by a handler that knows when to try again; counts as an attempt. At most 12 h. */
export class RetryAfter extends Error {
  override name = 'RetryAfter';
  readonly delaySeconds: number;

  constructor(delaySeconds: number, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.delaySeconds = delaySeconds;
  }
}
