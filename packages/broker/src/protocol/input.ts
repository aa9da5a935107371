import { missingParameter, serialization } from './errors.ts';

type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The parameters of a request, the same from both protocols. A value of the wrong type is a
 * SerializationException, as from AWS.
 */
export class Input {
  readonly #fields: Fields;

  constructor(value: unknown) {
    if (!isFields(value)) throw serialization('The request must be a structure.');
    this.#fields = value;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw serialization(`${name} must be a string.`);
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw missingParameter(name);
    return value;
  }

  /** A whole number; the Query protocol sends it as text. */
  integer(name: string): number | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      throw serialization(`${name} must be an integer.`);
    }
    return number;
  }

  texts(name: string): string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== 'string') throw serialization(`${name} must be a list of strings.`);
      return value;
    });
  }

  /** A map of strings; numbers and booleans are written as text, as in hand-written JSON. */
  map(name: string): Record<string, string> {
    const entries = Object.entries(this.structure(name) ?? {}).map(([key, value]) => {
      if (isFields(value) || Array.isArray(value) || value === null) {
        throw serialization(`${name} must be a map of strings.`);
      }
      return [key, String(value)];
    });
    return Object.fromEntries(entries);
  }

  entries(name: string): Input[] {
    return this.#list(name).map((value) => new Input(value));
  }

  structure(name: string): Fields | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (!isFields(value)) throw serialization(`${name} must be a structure.`);
    return value;
  }

  #list(name: string): unknown[] {
    const value = this.#fields[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw serialization(`${name} must be a list.`);
    return value;
  }
}
