import { BlockList, isIP } from 'node:net';
import type { MessageAttributes } from '../sqs/message-attributes.ts';

/** Says whether a message is for a subscription. */
export type Filter = (attributes: MessageAttributes | undefined, body: string) => boolean;

type Json = Record<string, unknown>;
type Condition = unknown;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a filter policy that was checked when it was set. Without one, everything passes. */
export function compileFilter(policy: string | undefined, scope: string | undefined): Filter {
  if (!policy) return () => true;
  const rules: Json = JSON.parse(policy);
  if (scope === 'MessageBody') {
    return (_, body) => {
      const parsed = parseBody(body);
      return isObject(parsed) && matchesBody(rules, [parsed]);
    };
  }
  return (attributes) => matchesAttributes(rules, attributes ?? {});
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // AWS: a body that is not JSON passes no body filter
  }
}

function matchesAttributes(rules: Json, attributes: MessageAttributes): boolean {
  return Object.entries(rules).every(([name, conditions]) => {
    if (name === '$or' && Array.isArray(conditions)) {
      return conditions.some((branch) => matchesAttributes(branch as Json, attributes));
    }
    return passes(conditions as Condition[], attributeValues(attributes, name));
  });
}

function attributeValues(attributes: MessageAttributes, name: string): unknown[] | undefined {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (!attribute || attribute.StringValue === undefined) return attribute ? [undefined] : undefined;
  const { DataType, StringValue } = attribute;
  if (DataType === 'String.Array') {
    const parsed = parseBody(StringValue);
    return Array.isArray(parsed) ? parsed : [StringValue];
  }
  return [DataType.startsWith('Number') ? Number(StringValue) : StringValue];
}

/**
 * The branches are the objects found so far: an array of objects in the body passes when one of its
 * objects passes all of the nested rules.
 */
function matchesBody(rules: Json, branches: unknown[]): boolean {
  return Object.entries(rules).every(([name, rule]) => {
    if (name === '$or' && Array.isArray(rule)) {
      return rule.some((branch) => matchesBody(branch as Json, branches));
    }
    const found = branches.filter(
      (branch): branch is Json => isObject(branch) && Object.hasOwn(branch, name),
    );
    const values = found.flatMap((branch) => flatten(branch[name]));
    if (isObject(rule)) return matchesBody(rule, values);
    return passes(rule as Condition[], found.length > 0 ? values : undefined);
  });
}

function flatten(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(flatten) : [value];
}

/** One of the conditions holds for one of the values; `undefined` values: the key is absent. */
function passes(conditions: Condition[], values: unknown[] | undefined): boolean {
  return conditions.some((condition) => {
    if (isObject(condition) && Object.hasOwn(condition, 'exists')) {
      return condition.exists === (values !== undefined && values.length > 0);
    }
    if (values === undefined) return false;
    return values.some((value) => holds(condition, value));
  });
}

function holds(condition: Condition, value: unknown): boolean {
  if (!isObject(condition)) return condition === value;
  const [operator, operand] = Object.entries(condition)[0] ?? [];
  if (operator === 'anything-but') return anythingBut(operand, value);
  if (operator === 'numeric') return numeric(operand as unknown[], value);
  if (typeof value !== 'string') return false;
  if (operator === 'prefix') return startsWith(operand, value);
  if (operator === 'suffix') return endsWith(operand, value);
  if (operator === 'equals-ignore-case') return sameIgnoringCase(operand, value);
  if (operator === 'wildcard') return wildcard(String(operand), value);
  return operator === 'cidr' && inNetwork(String(operand), value);
}

function startsWith(operand: unknown, value: string): boolean {
  if (!isObject(operand)) return value.startsWith(String(operand));
  const prefix = String(operand['equals-ignore-case']).toLowerCase();
  return value.toLowerCase().startsWith(prefix);
}

function endsWith(operand: unknown, value: string): boolean {
  if (!isObject(operand)) return value.endsWith(String(operand));
  const suffix = String(operand['equals-ignore-case']).toLowerCase();
  return value.toLowerCase().endsWith(suffix);
}

function sameIgnoringCase(operand: unknown, value: string): boolean {
  const wanted = Array.isArray(operand) ? operand : [operand];
  return wanted.some((one) => String(one).toLowerCase() === value.toLowerCase());
}

function anythingBut(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return !operand.includes(value);
  if (!isObject(operand)) return operand !== value;
  const [operator, inner] = Object.entries(operand)[0] ?? [];
  const patterns = Array.isArray(inner) ? inner : [inner];
  return !patterns.some((pattern) => holds({ [String(operator)]: pattern }, value));
}

function numeric(operand: unknown[], value: unknown): boolean {
  if (typeof value !== 'number') return false;
  for (let index = 0; index + 1 < operand.length; index += 2) {
    const bound = Number(operand[index + 1]);
    const inside = compare(String(operand[index]), value, bound);
    if (!inside) return false;
  }
  return true;
}

function compare(operator: string, value: number, bound: number): boolean {
  if (operator === '=') return value === bound;
  if (operator === '>') return value > bound;
  if (operator === '>=') return value >= bound;
  if (operator === '<') return value < bound;
  return operator === '<=' && value <= bound;
}

function wildcard(pattern: string, value: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop();
  if (last === undefined) return value === first;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

function inNetwork(cidr: string, value: string): boolean {
  const family = isIP(value) === 6 ? 'ipv6' : 'ipv4';
  const [network = '', bits = ''] = cidr.split('/');
  if (isIP(value) === 0 || isIP(network) !== isIP(value)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(value, family);
}
