import { isIP } from 'node:net';
import { isObject } from './conditions.ts';
import { column, lengthOf, PolicyFault } from './filter-fault.ts';

/** Refuses what no value can meet; `at` is where the condition begins. @throws PolicyFault */
export function checkCondition(condition: unknown, at: number): void {
  if (Array.isArray(condition)) {
    const reason = 'Match value must be String, number, true, false, or null';
    throw new PolicyFault(reason, column(condition, at));
  }
  if (!isObject(condition)) return;
  const [first, second] = Object.entries(condition);
  if (!first) throw new PolicyFault('Match expression name not found', at + 3);
  const [operator, operand] = first;
  const operandAt = at + 1 + lengthOf(operator) + 1;
  const check = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!check) {
    throw new PolicyFault(`Unrecognized match type ${operator}`, column(operand, operandAt));
  }
  check(operand, operandAt, operator);
  if (!second) return;
  const secondAt = operandAt + lengthOf(operand) + 1 + lengthOf(second[0]) + 1;
  throw new PolicyFault('Only one key allowed in match expression', column(second[1], secondAt));
}

function checkText(operand: unknown, at: number, operator: string): void {
  if (typeof operand === 'string') return;
  throw new PolicyFault(`${operator} match pattern must be a string`, column(operand, at));
}

/** The text at an edge may be wrapped to ignore case. */
function checkEdge(operand: unknown, at: number, operator: string): void {
  if (isObject(operand) && typeof operand['equals-ignore-case'] === 'string') return;
  checkText(operand, at, operator);
}

function checkTexts(operand: unknown, at: number, operator: string): void {
  let itemAt = Array.isArray(operand) ? at + 1 : at;
  for (const item of Array.isArray(operand) ? operand : [operand]) {
    checkText(item, itemAt, operator);
    itemAt += lengthOf(item) + 1;
  }
}

function checkExists(operand: unknown, at: number): void {
  if (typeof operand === 'boolean') return;
  const reason = 'exists match pattern must be either true or false.';
  throw new PolicyFault(reason, column(operand, at));
}

function checkCidr(operand: unknown, at: number): void {
  checkText(operand, at, 'prefix'); // AWS says prefix here
  const parts = String(operand).split('/');
  if (parts.length !== 2) throw new PolicyFault("Malformed CIDR, one '/' required");
  const [address = '', bits = ''] = parts;
  if (!/^\d+$/.test(bits)) throw new PolicyFault('Malformed CIDR, mask bits must be an integer');
  const version = isIP(address);
  if (version === 0) throw new PolicyFault(`Nonstandard IP address: ${address}`);
  const most = version === 4 ? 32 : 128;
  if (Number(bits) > most) throw new PolicyFault(`Malformed CIDR, mask bits must be <= ${most}`);
}

function checkAnythingBut(operand: unknown, at: number): void {
  if (isObject(operand)) {
    const [first] = Object.entries(operand);
    if (!first) throw new PolicyFault('Match expression name not found', at + 3);
    const [operator, inner] = first;
    const innerAt = at + 1 + lengthOf(operator) + 1;
    if (operator !== 'prefix') {
      const reason = `Unsupported anything-but pattern: ${operator}`;
      throw new PolicyFault(reason, column(inner, innerAt));
    }
    checkText(inner, innerAt, operator);
    return;
  }
  let itemAt = Array.isArray(operand) ? at + 1 : at;
  for (const item of Array.isArray(operand) ? operand : [operand]) {
    if (typeof item !== 'string' && typeof item !== 'number') {
      const reason = 'Inside anything but list, start|null|boolean is not supported.';
      throw new PolicyFault(reason, column(item, itemAt));
    }
    itemAt += lengthOf(item) + 1;
  }
}

function checkNumeric(operand: unknown, at: number): void {
  if (!Array.isArray(operand)) {
    throw new PolicyFault('Value of numeric must be an array.', column(operand, at));
  }
  const fault = numericFault(operand);
  if (!fault) return;
  const columns = columnsOf(operand, at);
  const found = columns[Math.min(fault.term, operand.length)] ?? 0;
  const read = fault.read ? lengthOf(operand[fault.term]) - 1 : 0;
  throw new PolicyFault(fault.reason, found + read);
}

const lower = ['>', '>='];
const upper = ['<', '<='];

interface NumericFault {
  reason: string;
  /** Index of the term at which AWS notices; behind the last one is the end of the list. */
  term: number;
  /** The text of the term was read to its end. */
  read?: true;
}

/** Reads the terms one after the other, as AWS does: the first fault counts. */
function numericFault(terms: unknown[]): NumericFault | undefined {
  const [operator, value, second, top] = terms;
  if (typeof operator !== 'string') {
    const found = terms.length > 0 ? operator : ']';
    return { reason: `Invalid member in numeric match: ${found}`, term: 0 };
  }
  if (operator !== '=' && !lower.includes(operator) && !upper.includes(operator)) {
    return { reason: `Unrecognized numeric range operator: ${operator}`, term: 1 };
  }
  if (typeof value !== 'number') {
    const name = operator === '=' ? 'equals' : operator;
    return { reason: `Value of ${name} must be numeric`, term: 1 };
  }
  if (terms.length === 2) return undefined;
  if (!lower.includes(operator)) {
    return { reason: 'Too many elements in numeric expression', term: 2 };
  }
  if (typeof second !== 'string') {
    return { reason: `Bad value in numeric range: ${second}`, term: 2 };
  }
  if (!upper.includes(second)) {
    return { reason: `Bad numeric range operator: ${second}`, term: 2, read: true };
  }
  if (typeof top !== 'number') return { reason: `Value of ${second} must be numeric`, term: 3 };
  if (terms.length > 4) return { reason: 'Too many terms in numeric range expression', term: 4 };
  return value < top ? undefined : { reason: 'Bottom must be less than top', term: 4 };
}

/** The column at each term, and at last the one behind the list. */
function columnsOf(terms: unknown[], start: number): number[] {
  let at = start + 1;
  const columns = terms.map((term) => {
    const own = column(term, at);
    at += lengthOf(term) + 1;
    return own;
  });
  return [...columns, start + lengthOf(terms) + 1];
}

const operators: Record<string, (operand: unknown, at: number, operator: string) => void> = {
  prefix: checkEdge,
  suffix: checkEdge,
  wildcard: checkText,
  'equals-ignore-case': checkTexts,
  exists: checkExists,
  cidr: checkCidr,
  numeric: checkNumeric,
  'anything-but': checkAnythingBut,
};
