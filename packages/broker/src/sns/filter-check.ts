import { isIP } from 'node:net';
import { isObject } from './conditions.ts';
import { invalidTopicParameter } from './errors.ts';
import { flattenPolicy } from './filter.ts';

const maxKeys = 5;
const maxCombinations = 150;

function invalid(reason: string): Error {
  return invalidTopicParameter(`FilterPolicy: ${reason}`);
}

/**
 * Refuses a filter policy that could never be evaluated, in the words of AWS but without the place in
 * the text. @throws ServiceError InvalidParameter
 */
export function checkFilterPolicy(policy: unknown, scope: string): void {
  if (!isObject(policy)) throw invalid('failed to parse JSON');
  const nested = checkRules(policy);
  if (nested && scope !== 'MessageBody') {
    throw invalidTopicParameter(
      'Filter policy scope MessageAttributes does not support nested filter policy',
    );
  }
  const alternatives = flattenPolicy(policy);
  const keys = new Set(alternatives.flatMap((rules) => [...rules.keys()]));
  if (keys.size > maxKeys) {
    throw invalid(`Filter policy can not have more than ${maxKeys} keys`);
  }
  let combinations = 0;
  for (const rules of alternatives) {
    let ofThese = 1;
    for (const [path, conditions] of rules) {
      ofThese *= conditions.length * path.split('.').length;
    }
    combinations += ofThese;
  }
  if (combinations > maxCombinations) throw invalid('Filter policy is too complex');
}

/** @returns whether a rule is nested in another */
function checkRules(rules: Record<string, unknown>): boolean {
  let nested = false;
  for (const [name, rule] of Object.entries(rules)) {
    if (name === '$or' && Array.isArray(rule) && rule.length > 1 && rule.every(isObject)) {
      for (const branch of rule) nested = checkRules(branch) || nested;
    } else if (Array.isArray(rule)) {
      if (rule.length === 0) throw invalid('Empty arrays are not allowed');
      for (const condition of rule) checkCondition(condition);
    } else if (isObject(rule)) {
      checkRules(rule);
      nested = true;
    } else {
      throw invalid(`"${name}" must be an object or an array`);
    }
  }
  return nested;
}

function checkCondition(condition: unknown): void {
  if (Array.isArray(condition)) {
    throw invalid('Match value must be String, number, true, false, or null');
  }
  if (!isObject(condition)) return;
  const entries = Object.entries(condition);
  const [operator = '', operand] = entries[0] ?? [];
  const check = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!check) throw invalid(`Unrecognized match type ${operator}`);
  if (entries.length > 1) throw invalid('Only one key allowed in match expression');
  check(operand, operator);
}

function checkText(operand: unknown, operator: string): void {
  const folded = isObject(operand) && typeof operand['equals-ignore-case'] === 'string';
  if (typeof operand !== 'string' && !folded) {
    throw invalid(`${operator} match pattern must be a string`);
  }
}

function checkExists(operand: unknown): void {
  if (typeof operand !== 'boolean') {
    throw invalid('exists match pattern must be either true or false.');
  }
}

function checkCidr(operand: unknown): void {
  if (typeof operand !== 'string') throw invalid('prefix match pattern must be a string');
  const parts = operand.split('/');
  if (parts.length !== 2) throw invalid("Malformed CIDR, one '/' required");
  const [address = '', bits = ''] = parts;
  if (!/^\d+$/.test(bits)) throw invalid('Malformed CIDR, mask bits must be an integer');
  if (isIP(address) === 0) throw invalid(`Nonstandard IP address: ${address}`);
}

function checkAnythingBut(operand: unknown): void {
  if (!isObject(operand)) return;
  const [operator = '', inner] = Object.entries(operand)[0] ?? [];
  if (operator !== 'prefix') throw invalid(`Unsupported anything-but pattern: ${operator}`);
  checkText(inner, operator);
}

const lower = ['>', '>='];
const upper = ['<', '<='];

function checkNumeric(operand: unknown): void {
  const terms: unknown[] = Array.isArray(operand) ? operand : [];
  const [operator, value, second, top, ...rest] = terms;
  if (typeof operator !== 'string') {
    throw invalid(`Invalid member in numeric match: ${operator === undefined ? ']' : operator}`);
  }
  if (operator !== '=' && !lower.includes(operator) && !upper.includes(operator)) {
    throw invalid(`Unrecognized numeric range operator: ${operator}`);
  }
  if (typeof value !== 'number') {
    throw invalid(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  }
  if (terms.length === 2) return;
  if (!lower.includes(operator)) throw invalid('Too many elements in numeric expression');
  if (typeof second !== 'string') throw invalid(`Bad value in numeric range: ${String(second)}`);
  if (!upper.includes(second)) throw invalid(`Bad numeric range operator: ${second}`);
  if (typeof top !== 'number') throw invalid(`Value of ${second} must be numeric`);
  if (rest.length > 0) throw invalid('Too many terms in numeric range expression');
  if (value >= top) throw invalid('Bottom must be less than top');
}

const operators: Record<string, (operand: unknown, operator: string) => void> = {
  prefix: checkText,
  suffix: checkText,
  wildcard: checkText,
  'equals-ignore-case': (operand, operator) => {
    for (const one of Array.isArray(operand) ? operand : [operand]) checkText(one, operator);
  },
  exists: checkExists,
  cidr: checkCidr,
  numeric: checkNumeric,
  'anything-but': checkAnythingBut,
};
