import type { MessageAttributes } from '../sqs/message-attributes.ts';
import { isObject, passes } from './conditions.ts';

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
      return alternatives.some((rules) => matchesBody(rules, parsed));
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

/** The sets of rules of a policy: every `$or` makes one for each of its branches. */
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

/**
 * A body with arrays of objects stands for several flat ones, one for each choice of objects; one of
 * them must pass all rules. Only paths that the rules name are followed, so there are few.
 */
function matchesBody(rules: Rules, body: Json): boolean {
  const paths = [...rules.keys()];
  return flattenBody(body, '', paths).some((flat) =>
    [...rules].every(([path, conditions]) => passes(conditions, flat.get(path))),
  );
}

type Flat = Map<string, unknown[]>;

function flattenBody(value: unknown, path: string, paths: string[]): Flat[] {
  if (Array.isArray(value)) {
    const items = value.flat(Number.POSITIVE_INFINITY);
    const plain = items.filter((item) => !isObject(item));
    const nested = items.filter(isObject).flatMap((item) => flattenBody(item, path, paths));
    if (plain.length === 0) return nested.length > 0 ? nested : [new Map()];
    return [new Map([[path, plain]]), ...nested];
  }
  if (!isObject(value)) return [new Map([[path, [value]]])];
  let alternatives: Flat[] = [new Map()];
  for (const [name, inner] of Object.entries(value)) {
    const own = path === '' ? name : `${path}.${name}`;
    if (!paths.some((wanted) => wanted === own || wanted.startsWith(`${own}.`))) continue;
    const branches = flattenBody(inner, own, paths);
    alternatives = alternatives.flatMap((flat) =>
      branches.map((branch) => new Map([...flat, ...branch])),
    );
  }
  return alternatives;
}
