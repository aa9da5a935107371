/** An order that cannot be taken; `field` is the one that is wrong. */
export class OrderRefused extends Error {
  override name = 'OrderRefused';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}
