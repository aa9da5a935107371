import { BlockList, isIP } from 'node:net';

type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One of the conditions holds for one of the values; `undefined` values: the key is absent. */
export function passes(conditions: unknown[], values: unknown[] | undefined): boolean {
  return conditions.some((condition) => {
    if (isObject(condition) && Object.hasOwn(condition, 'exists')) {
      return condition.exists === (values !== undefined);
    }
    return values?.some((value) => holds(condition, value)) ?? false;
  });
}

function holds(condition: unknown, value: unknown): boolean {
  if (!isObject(condition)) return condition === value;
  const [operator, operand] = Object.entries(condition)[0] ?? [];
  if (operator === 'anything-but') return anythingBut(operand, value);
  if (operator === 'numeric') return numeric(operand as unknown[], value);
  if (typeof value !== 'string') return false;
  if (operator === 'prefix') return atEdge(operand, value, 'startsWith');
  if (operator === 'suffix') return atEdge(operand, value, 'endsWith');
  if (operator === 'equals-ignore-case') return sameIgnoringCase(operand, value);
  if (operator === 'wildcard') return wildcard(String(operand), value);
  return operator === 'cidr' && inNetwork(String(operand), value);
}

/** A prefix or suffix; `{"equals-ignore-case": text}` in its place ignores case. */
function atEdge(operand: unknown, value: string, edge: 'startsWith' | 'endsWith'): boolean {
  if (!isObject(operand)) return value[edge](String(operand));
  return value.toLowerCase()[edge](String(operand['equals-ignore-case']).toLowerCase());
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
    if (!compare(String(operand[index]), value, Number(operand[index + 1]))) return false;
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
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

function inNetwork(cidr: string, value: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  if (isIP(value) === 0 || isIP(network) !== isIP(value)) return false;
  const family = isIP(value) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(value, family);
}
