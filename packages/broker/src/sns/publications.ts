import { dedupMilliseconds } from '../queue/dedup.ts';
import type { Documents } from '../queue/documents.ts';

/** What a duplicate of a publication is answered with. */
export interface Published {
  topicArn: string;
  /** Unique in the topic: the deduplication id, with the group where that is the scope. */
  key: string;
  id: string;
  sequence: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** What FIFO topics took in the last five minutes; a restart forgets none of it. */
export class Publications {
  readonly #documents: Documents;
  readonly #byTopic = new Map<string, Map<string, Published>>();

  constructor(documents: Documents) {
    this.#documents = documents;
    const kept = [...documents.under<Published>('published/')];
    for (const published of kept.sort((one, other) => one.at - other.at)) this.#remember(published);
  }

  /** The publication that one with this key would repeat. */
  find(topicArn: string, key: string, now: number): Published | undefined {
    const ofTopic = this.#byTopic.get(topicArn);
    for (const old of ofTopic?.values() ?? []) {
      if (old.at > now - dedupMilliseconds) break; // the rest is younger
      this.#forget(old);
    }
    return ofTopic?.get(key);
  }

  add(published: Published): void {
    this.#documents.put(documentKey(published), published);
    this.#remember(published);
  }

  /** Forgets all of a topic that is deleted. */
  removeTopic(topicArn: string): void {
    for (const published of this.#byTopic.get(topicArn)?.values() ?? []) this.#forget(published);
    this.#byTopic.delete(topicArn);
  }

  #remember(published: Published): void {
    const ofTopic = this.#byTopic.get(published.topicArn) ?? new Map<string, Published>();
    ofTopic.set(published.key, published);
    this.#byTopic.set(published.topicArn, ofTopic);
  }

  #forget(published: Published): void {
    this.#documents.remove(documentKey(published));
    this.#byTopic.get(published.topicArn)?.delete(published.key);
  }
}

const documentKey = ({ topicArn, key }: Published): string => `published/${topicArn}/${key}`;
