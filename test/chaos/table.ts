import { type Breach, type Facts, type Rule, rules } from './judge.ts';
import { blows, type Fault } from './plan.ts';

export interface Run {
  readonly faults: readonly Fault[];
  readonly facts: Facts;
  readonly breaches: readonly Breach[];
  /** Webhooks that the receiver answered with 503. */
  readonly refused: number;
}

const count = (many: readonly unknown[]): string => String(many.length);

function countsOf<T>(items: readonly T[], nameOf: (item: T) => string): string {
  const groups = Map.groupBy(items, nameOf);
  return [...groups].map(([name, { length }]) => `${length} ${name}`).join(', ');
}

/** What was done, what came of it, and a line for each rule with how often it was broken. */
export function tableOf({ faults, facts, breaches, refused }: Run): string[][] {
  const { accepted, found, webhooks } = facts;
  const struck = blows.map((blow) => {
    const mine = faults.filter((fault) => fault.blow === blow);
    return [blow, count(mine), countsOf(mine, ({ service }) => service)];
  });
  const ids = new Set(webhooks.map(({ id }) => id));
  return [
    ['', 'COUNT', ''],
    ...struck,
    ['accepted', count(accepted), countsOf(accepted, ({ kind }) => kind)],
    ['found', count(found), countsOf(found, ({ status }) => status)],
    ['webhooks', String(ids.size), `in ${webhooks.length} deliveries, after ${refused} refusals`],
    ...(Object.keys(rules) as Rule[]).map((rule) => [
      rule,
      count(breaches.filter((breach) => breach.rule === rule)),
      rules[rule],
    ]),
  ];
}
