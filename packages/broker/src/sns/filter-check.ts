import { checkCondition } from './condition-check.ts';
import { isObject } from './conditions.ts';
import { invalidTopicParameter } from './errors.ts';
import { flattenPolicy, maxCombinations, tooComplex } from './filter.ts';
import { column, lengthOf, PolicyFault } from './filter-fault.ts';

const maxKeys = 5;

/**
 * Refuses a filter policy that could never be evaluated, in the words of AWS.
 * @throws ServiceError InvalidParameter
 */
export function checkFilterPolicy(policy: unknown, scope: string): void {
  try {
    check(policy, scope);
  } catch (fault) {
    if (!(fault instanceof PolicyFault)) throw fault;
    throw invalidTopicParameter(`FilterPolicy: ${fault.describe(JSON.stringify(policy))}`);
  }
}

function check(policy: unknown, scope: string): void {
  if (!isObject(policy)) throw new PolicyFault('Filter is not an object', column(policy, 0));
  const nested = checkRules(policy, 0);
  if (nested && scope !== 'MessageBody') {
    throw invalidTopicParameter(
      'Filter policy scope MessageAttributes does not support nested filter policy',
    );
  }
  const alternatives = flattenPolicy(policy);
  const keys = new Set(alternatives.flatMap((rules) => [...rules.keys()]));
  if (keys.size > maxKeys) {
    throw new PolicyFault(`Filter policy can not have more than ${maxKeys} keys`);
  }
  let combinations = 0;
  for (const rules of alternatives) {
    let ofThese = 1;
    for (const [path, conditions] of rules) {
      const depth = scope === 'MessageBody' ? path.split('.').length : 1;
      ofThese *= conditions.length * depth;
    }
    combinations += ofThese;
  }
  if (combinations > maxCombinations) throw tooComplex();
}

/**
 * `start` is where the rules begin in the text of the policy.
 * @returns whether a rule is nested in another
 */
function checkRules(rules: Record<string, unknown>, start: number): boolean {
  let nested = false;
  let at = start + 1;
  for (const [name, rule] of Object.entries(rules)) {
    at += lengthOf(name) + 1;
    if (isObject(rule)) {
      checkRules(rule, at);
      nested = true;
    } else if (!Array.isArray(rule)) {
      throw new PolicyFault(`"${name}" must be an object or an array`, column(rule, at));
    } else if (name === '$or' && rule.length > 1 && rule.every(isObject)) {
      nested = checkEach(rule, at, checkRules).includes(true) || nested;
    } else if (rule.length === 0) {
      throw new PolicyFault('Empty arrays are not allowed', at + 3);
    } else {
      checkEach(rule, at, checkCondition);
    }
    at += lengthOf(rule) + 1;
  }
  return nested;
}

/** Checks each item of a list that begins at `start`. */
function checkEach<Item, Result>(
  items: Item[],
  start: number,
  checkOne: (item: Item, at: number) => Result,
): Result[] {
  let at = start + 1;
  return items.map((item) => {
    const result = checkOne(item, at);
    at += lengthOf(item) + 1;
    return result;
  });
}
