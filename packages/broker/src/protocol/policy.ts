import { isFields } from './input.ts';

/** One statement of an access policy; a policy that was set may hold any. */
export interface Statement {
  Sid: string;
  [field: string]: unknown;
}

export interface Policy {
  Version: string;
  Id: string;
  Statement: Statement[];
}

/** What AddPermission asks for: `service` is the prefix of actions, `SQS` or `SNS`. */
export interface Permission {
  label: string;
  accounts: string[];
  actions: string[];
  service: string;
  resource: string;
}

/** Whether something parsed is of the form of a policy: its statements are a list, or the only one. */
export function isPolicy(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { Statement = [] } = value;
  return isFields(Statement) || (Array.isArray(Statement) && Statement.every(isFields));
}

/** A kept policy (see {@link isPolicy}), its statements as a list. */
export function readPolicy(text: string): Policy {
  const policy = JSON.parse(text);
  return { ...policy, Statement: [policy.Statement ?? []].flat() };
}

/** AWS writes a list of one as the thing itself. */
const oneOrMany = (values: string[]): string | string[] =>
  values.length === 1 ? (values[0] as string) : values;

/** The statement that allows what the permission says. */
export function statementOf({
  label,
  accounts,
  actions,
  service,
  resource,
}: Permission): Statement {
  return {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrMany(actions.map((action) => `${service}:${action}`)),
    Resource: resource,
  };
}
