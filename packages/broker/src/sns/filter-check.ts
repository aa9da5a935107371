import { invalidTopicParameter } from './errors.ts';

function invalid(reason: string): Error {
  return invalidTopicParameter(`FilterPolicy: ${reason}`);
}

/**
 * Refuses a filter policy that could never be evaluated.
 * @throws ServiceError InvalidParameter
 */
export function checkFilterPolicy(policy: unknown, scope: string): void {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw invalid('failed to parse JSON');
  }
  checkRules(policy as Record<string, unknown>, scope);
}

function checkRules(rules: Record<string, unknown>, scope: string): void {
  for (const [name, rule] of Object.entries(rules)) {
    if (name === '$or' && Array.isArray(rule) && rule.every((branch) => isRules(branch))) {
      for (const branch of rule) checkRules(branch, scope);
    } else if (Array.isArray(rule)) {
      if (rule.length === 0) throw invalid('Empty arrays are not allowed');
    } else if (isRules(rule) && scope === 'MessageBody') {
      checkRules(rule, scope);
    } else if (isRules(rule)) {
      throw invalid('Filter policy scope MessageAttributes does not support nested filter policy');
    } else {
      throw invalid(`"${name}" must be an object or an array`);
    }
  }
}

function isRules(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
