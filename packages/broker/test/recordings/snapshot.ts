import { existsSync, readFileSync } from 'node:fs';
import { accountId } from '../../src/sqs/context.ts';
import type { ServiceName } from './wire.ts';

const folder = new URL('../../../../../shared/aws-recordings/', import.meta.url);

/** The recordings are not part of this repository. */
export const recordingsAreThere = existsSync(folder);

const files: Record<ServiceName, string[]> = {
  sqs: ['test_sqs', 'test_sqs_move_task'],
  sns: ['test_sns', 'test_sns_filter_policy'],
};

/** What AWS answered in one scenario, by the key of the answer. */
export type Recording = Record<string, unknown>;

/** The recordings of a service by the scenario's name: what follows the last `::`. */
export function readRecordings(service: ServiceName): Map<string, Recording> {
  const recordings = new Map<string, Recording>();
  for (const file of files[service]) {
    const text = readFileSync(new URL(`${file}.snapshot.json`, folder), 'utf8');
    const scenarios = JSON.parse(text) as Record<string, { 'recorded-content': Recording }>;
    for (const [path, recorded] of Object.entries(scenarios)) {
      recordings.set(path.slice(path.lastIndexOf('::') + 2), recorded['recorded-content']);
    }
  }
  return recordings;
}

/**
 * Compares the answers of one scenario with the recorded ones. A numbered placeholder, `<uuid:1>`, is one
 * value in all answers of the scenario, and no other placeholder's; one without a number, `<region>`, is any.
 */
export class Comparison {
  readonly #recording: Recording;
  readonly #values = new Map<string, string>();
  readonly #compared = new Set<string>();
  #varying = new Set<string>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Of fields named in `varying` the presence counts. @throws Error that lists every difference */
  match(key: string, answer: unknown, varying: string[]): void {
    if (!Object.hasOwn(this.#recording, key)) throw new Error(`nothing is recorded as '${key}'`);
    if (this.#compared.has(key)) throw new Error(`'${key}' was compared already`);
    this.#compared.add(key);
    this.#varying = new Set(varying);
    const differences = this.#differences(key, this.#recording[key], answer);
    if (differences.length > 0)
      throw new Error(`AWS answers otherwise:\n${differences.join('\n')}`);
  }

  /** @throws Error when a recorded answer was left out */
  finish(): void {
    const left = Object.keys(this.#recording).filter((key) => !this.#compared.has(key));
    if (left.length > 0) throw new Error(`not compared: ${left.join(', ')}`);
  }

  #differences(path: string, recorded: unknown, answer: unknown): string[] {
    if (typeof recorded === 'string') {
      return this.#sameText(recorded, answer) ? [] : [difference(path, recorded, answer)];
    }
    if (typeof recorded !== 'object' || recorded === null) {
      return recorded === answer ? [] : [difference(path, recorded, answer)];
    }
    // The recordings show texts that are JSON, such as policies, as what they contain.
    const actual = typeof answer === 'string' ? parsed(answer) : answer;
    if (Array.isArray(recorded)) {
      if (!Array.isArray(actual) || actual.length !== recorded.length) {
        return [difference(path, recorded, answer)];
      }
      return recorded.flatMap((item, index) =>
        this.#differences(`${path}[${index}]`, item, actual[index]),
      );
    }
    if (typeof actual !== 'object' || actual === null) return [difference(path, recorded, answer)];
    return this.#fieldDifferences(path, recorded, actual);
  }

  #fieldDifferences(path: string, recorded: object, actual: object): string[] {
    const expected = new Map(Object.entries(recorded));
    // Newer releases of boto repeat an error's message beside the error.
    if (expected.has('Error')) expected.delete('message');
    const fields = new Map(Object.entries(actual));
    const differences: string[] = [];
    for (const [field, content] of expected) {
      if (field === 'HTTPHeaders') continue;
      const name = this.#fieldName(field, fields);
      if (name === undefined) {
        differences.push(`${path}.${field}: AWS ${show(content)}; ours has none`);
        continue;
      }
      const ours = fields.get(name);
      fields.delete(name);
      if (!this.#varying.has(field)) {
        differences.push(...this.#differences(`${path}.${field}`, content, ours));
      }
    }
    for (const [field, content] of fields) {
      differences.push(`${path}.${field}: ours ${show(content)}; AWS has none`);
    }
    return differences;
  }

  /** The answer's name of a recorded field, which may be a placeholder itself. */
  #fieldName(field: string, fields: Map<string, unknown>): string | undefined {
    if (fields.has(field)) return field;
    if (!field.includes('<')) return undefined;
    return [...fields.keys()].find((name) => this.#sameText(field, name));
  }

  #sameText(recorded: string, answer: unknown): boolean {
    if (Buffer.isBuffer(answer)) return recorded === pythonBytes(answer);
    if (isMoment(recorded)) return couldBeMoment(answer);
    if (/^<[^<>]+>$/.test(recorded) && typeof answer === 'number') return true;
    if (typeof answer !== 'string') return false;
    const { pattern, names } = this.#pattern(recorded);
    const found = pattern.exec(answer);
    if (!found) return false;
    const values = names.map((name, index) => [name, found[index + 1] ?? ''] as const);
    const all = [...this.#values.values(), ...values.map(([, value]) => value)];
    if (new Set(all).size < all.length) return false;
    for (const [name, value] of values) this.#values.set(name, value);
    return true;
  }

  /** The recorded text as a pattern that captures the placeholders whose value is not known yet. */
  #pattern(recorded: string): { pattern: RegExp; names: string[] } {
    const names: string[] = [];
    const ours = recorded
      .replaceAll('111111111111', accountId)
      .replace(/^https?:\/\/sqs\.[^/]+/, '<endpoint>');
    const parts = ours.split(/(<[a-z\d_-]+(?::\d+)?>)/).map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      if (!part.includes(':')) return '.+?';
      const known = this.#values.get(part);
      if (known !== undefined) return escaped(known);
      const place = names.indexOf(part);
      if (place >= 0) return `\\${place + 1}`;
      names.push(part);
      return '(.+?)';
    });
    return { pattern: new RegExp(`^${parts.join('')}$`, 's'), names };
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const isMoment = (recorded: string): boolean => /^(timestamp|date|datetime)$/.test(recorded);

/** A moment is recorded as one word; so is a whole structure whose name is `timestamp`. */
function couldBeMoment(answer: unknown): boolean {
  if (typeof answer === 'string') return /^\d{10,13}$|^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(answer);
  return typeof answer === 'number' || (typeof answer === 'object' && answer !== null);
}

/** Binary values were recorded as Python shows them. */
function pythonBytes(bytes: Buffer): string {
  const shown = [...bytes].map((byte) => {
    if (byte === 0x5c) return '\\\\';
    if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
    const short = { 9: '\\t', 10: '\\n', 13: '\\r' }[byte];
    return short ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `b'${shown.join('')}'`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const difference = (path: string, recorded: unknown, answer: unknown): string =>
  `${path}: AWS ${show(recorded)}; ours ${show(answer)}`;

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 600) ?? 'nothing';
