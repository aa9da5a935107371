import type { Documents } from '../queue/documents.ts';
import { compileFilter, type Filter } from './filter.ts';
import { Publications } from './publications.ts';

/** A topic as it is kept; attributes are the ones that were set. */
export interface Topic {
  arn: string;
  name: string;
  fifo: boolean;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  deletedSubscriptions: number;
  dataProtectionPolicy?: string;
}

/** A subscription as it is kept. */
export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  attributes: Record<string, string>;
}

/** The topics and subscriptions, kept as documents beside the queues. */
export class Topics {
  readonly #documents: Documents;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Map<string, Subscription>>();
  readonly #filters = new WeakMap<Subscription, Filter>();
  readonly publications: Publications;

  constructor(documents: Documents) {
    this.#documents = documents;
    this.publications = new Publications(documents);
    for (const topic of documents.under<Topic>('topic/')) this.#topics.set(topic.arn, topic);
    for (const subscription of documents.under<Subscription>('subscription/')) {
      this.#remember(subscription);
    }
  }

  get(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  save(topic: Topic): void {
    this.#documents.put(`topic/${topic.arn}`, topic);
    this.#topics.set(topic.arn, topic);
  }

  remove(arn: string): void {
    for (const subscription of this.subscriptionsOf(arn)) this.removeSubscription(subscription);
    this.#documents.remove(`topic/${arn}`);
    this.#topics.delete(arn);
    this.publications.removeTopic(arn);
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    return [...(this.#subscriptions.get(topicArn)?.values() ?? [])];
  }

  allSubscriptions(): Subscription[] {
    return [...this.#subscriptions.values()].flatMap((group) => [...group.values()]);
  }

  subscription(arn: string): Subscription | undefined {
    const topicArn = arn.slice(0, arn.lastIndexOf(':'));
    return this.#subscriptions.get(topicArn)?.get(arn);
  }

  saveSubscription(subscription: Subscription): void {
    this.#documents.put(`subscription/${subscription.arn}`, subscription);
    this.#remember(subscription);
  }

  removeSubscription({ arn, topicArn }: Subscription): void {
    this.#documents.remove(`subscription/${arn}`);
    this.#subscriptions.get(topicArn)?.delete(arn);
  }

  /** The subscription's filter policy, read once. */
  filterOf(subscription: Subscription): Filter {
    const known = this.#filters.get(subscription);
    if (known) return known;
    const { FilterPolicy, FilterPolicyScope } = subscription.attributes;
    const filter = compileFilter(FilterPolicy, FilterPolicyScope);
    this.#filters.set(subscription, filter);
    return filter;
  }

  #remember(subscription: Subscription): void {
    const group = this.#subscriptions.get(subscription.topicArn) ?? new Map();
    group.set(subscription.arn, subscription);
    this.#subscriptions.set(subscription.topicArn, group);
  }
}
