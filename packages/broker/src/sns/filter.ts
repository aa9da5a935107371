import type { MessageAttributes } from '../sqs/message-attributes.ts';
import { isObject, passes } from './conditions.ts';
import { PolicyFault } from './filter-fault.ts';

/** Says whether a message is for a subscription. */
export type Filter = (attributes: MessageAttributes | undefined, body: string) => boolean;

/** Conditions by dotted path: a nested policy and a dotted one mean the same to AWS. */
export type Rules = Map<string, unknown[]>;

type Json = Record<string, unknown>;

/** Reads a filter policy that was checked when it was set. Without one, everything passes. */
export function compileFilter(policy: string | undefined, scope: string | undefined): Filter {
  if (!policy) return () => true;
  const alternatives = flattenPolicy(JSON.parse(policy));
  if (scope === 'MessageBody') {
    return (_, body) => {
      const parsed = parse(body);
      if (!isObject(parsed)) return false;
      return alternatives.some((rules) => matchesObject([...rules], parsed));
    };
  }
  return (attributes) => alternatives.some((rules) => matchesAttributes(rules, attributes ?? {}));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // AWS: a body that is not JSON passes no body filter
  }
}

// AWS: of values; each set of rules has at least one, so more sets than that need not be made.
export const maxCombinations = 150;

export const tooComplex = (): PolicyFault => new PolicyFault('Filter policy is too complex');

/**
 * The sets of rules of a policy: every `$or` makes one for each of its branches.
 * @throws PolicyFault when there are too many
 */
export function flattenPolicy(policy: Json, path = ''): Rules[] {
  let alternatives: Rules[] = [new Map()];
  for (const [name, rule] of Object.entries(policy)) {
    const own = path === '' ? name : `${path}.${name}`;
    let branches: Rules[];
    if (name === '$or' && Array.isArray(rule) && rule.every(isObject)) {
      branches = rule.flatMap((branch) => flattenPolicy(branch, path));
    } else if (isObject(rule)) {
      branches = flattenPolicy(rule, own);
    } else {
      branches = [new Map([[own, rule as unknown[]]])];
    }
    if (alternatives.length * branches.length > maxCombinations) throw tooComplex();
    alternatives = alternatives.flatMap((rules) =>
      branches.map((branch) => new Map([...rules, ...branch])),
    );
  }
  return alternatives;
}

function matchesAttributes(rules: Rules, attributes: MessageAttributes): boolean {
  return [...rules].every(([name, conditions]) =>
    passes(conditions, attributeValues(attributes, name)),
  );
}

function attributeValues(attributes: MessageAttributes, name: string): unknown[] | undefined {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (!attribute) return undefined;
  const { DataType, StringValue } = attribute;
  if (StringValue === undefined) return [];
  if (DataType === 'String.Array') {
    const parsed = parse(StringValue);
    return Array.isArray(parsed) ? parsed : [StringValue];
  }
  return [DataType.startsWith('Number') ? Number(StringValue) : StringValue];
}

/** Rules of one key of the body, by what is left of their path; '' is the value itself. */
type Group = [path: string, conditions: unknown[]][];

/**
 * A list of objects stands for any one of them, which then has to pass all rules below the list. Keys
 * have nothing to do with each other, so the choices of several lists need not be combined.
 */
function matchesObject(rules: Group, body: Json): boolean {
  const byKey = new Map<string, Group>();
  for (const [path, conditions] of rules) {
    const key = keyFor(path, body);
    if (key === undefined) {
      if (!passes(conditions, undefined)) return false;
      continue;
    }
    const group = byKey.get(key) ?? [];
    group.push([path.slice(key.length + 1), conditions]);
    byKey.set(key, group);
  }
  return [...byKey].every(([key, group]) => matchesValue(group, body[key]));
}

/** The key that a path begins with: a key of the body may have dots itself, so the longest counts. */
function keyFor(path: string, body: Json): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const key = path.slice(0, end);
    if (Object.hasOwn(body, key)) return key;
  }
  return undefined;
}

function matchesValue(group: Group, value: unknown): boolean {
  if (!Array.isArray(value)) {
    return isObject(value) ? matchesNested(group, value) : matchesPlain(group, [value]);
  }
  const items = value.flat(Number.POSITIVE_INFINITY);
  const plain = items.filter((item) => !isObject(item));
  if (plain.length > 0 && matchesPlain(group, plain)) return true;
  const nested = items.filter(isObject);
  if (nested.some((item) => matchesNested(group, item))) return true;
  return items.length === 0 && matchesPlain(group, undefined);
}

/** Plain values have nothing below them. */
function matchesPlain(group: Group, values: unknown[] | undefined): boolean {
  return group.every(([path, conditions]) => passes(conditions, path === '' ? values : undefined));
}

/** An object is no value itself. */
function matchesNested(group: Group, value: Json): boolean {
  const own = group.filter(([path]) => path === '');
  const below = group.filter(([path]) => path !== '');
  return matchesPlain(own, undefined) && matchesObject(below, value);
}
