/** A message that the broker keeps. */
export interface Kept {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: Date;
  /** Attempts before this copy was made. */
  readonly attemptsBefore: number;
  receives: number;
  /** Virtual ms. */
  visibleAt: number;
  /** Of the delivery that has it; null when none ever had. */
  lease: number | null;
}

/** What is in hand until `visibleAt`. */
export interface Taken {
  readonly message: Kept;
  readonly lease: number;
}
