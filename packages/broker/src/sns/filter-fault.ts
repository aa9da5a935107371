const shownCharacters = 500;

/** What is wrong in a filter policy, and the column of its text at which AWS noticed. */
export class PolicyFault extends Error {
  readonly #column: number | undefined;

  constructor(reason: string, column?: number) {
    super(reason);
    this.name = 'PolicyFault';
    this.#column = column;
  }

  /** The fault with its place; `policy` is the policy's text without spaces, as AWS reads it. */
  describe(policy: string): string {
    if (this.#column === undefined) return this.message;
    const left = policy.length - shownCharacters;
    const shown = `"${policy.slice(0, shownCharacters)}"${left > 0 ? `[truncated ${left} chars]` : ''}`;
    return `${this.message}\n at [Source: (String)${shown}; line: 1, column: ${this.#column}]`;
  }
}

/** Characters of a value in the text of the policy. */
export const lengthOf = (value: unknown): number => JSON.stringify(value).length;

/**
 * The column, from 1, of AWS's parser (Jackson) when it takes up the value that begins at `at`: inside
 * of a text, a list or an object, behind anything else.
 */
export function column(value: unknown, at: number): number {
  const inside = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return at + 1 + (inside ? 1 : lengthOf(value));
}
