/** AWS: a second send with the same deduplication id within five minutes is a duplicate. */
export const dedupMilliseconds = 5 * 60 * 1000;

/** The first send of a deduplication id: what a duplicate is answered with. */
export interface FirstSend {
  id: string;
  sequence: number;
  sentAt: number;
  /** Where the journal has it; compaction keeps it while it counts. */
  position: number;
}

/** What a send takes on disk besides its key when compaction writes it again, about. */
const sendBytes = 125;

/**
 * The sends of the last five minutes. They outlive their messages. The key says the scope it was made
 * under, because DeduplicationScope may change: a queue that narrows it to message groups still sees
 * the sends it took for all groups; one that widens it does not guess which groups they were for.
 */
export class DedupTable {
  readonly #sends = new Map<string, FirstSend>();
  #keyBytes = 0;

  /** Key of a send under the queue's present scope. */
  static key(dedupId: string, group: string, perGroup: boolean): string {
    return perGroup ? `g${group}\n${dedupId}` : `q${dedupId}`;
  }

  find(dedupId: string, group: string, perGroup: boolean, now: number): FirstSend | undefined {
    this.forgetBefore(now - dedupMilliseconds);
    const inQueue = this.#sends.get(DedupTable.key(dedupId, group, false));
    if (inQueue || !perGroup) return inQueue;
    return this.#sends.get(DedupTable.key(dedupId, group, true));
  }

  get(key: string): FirstSend | undefined {
    return this.#sends.get(key);
  }

  /** Disk space of the sends, about: they count as long as they are remembered. */
  get bytes(): number {
    return this.#sends.size * sendBytes + this.#keyBytes;
  }

  remember(key: string, send: FirstSend): void {
    this.#forget(key);
    this.#sends.set(key, send);
    this.#keyBytes += key.length;
  }

  clear(): void {
    this.#sends.clear();
    this.#keyBytes = 0;
  }

  /** The map is in the order of time, so what is too old is in front. */
  forgetBefore(time: number): void {
    for (const [key, { sentAt }] of this.#sends) {
      if (sentAt > time) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    if (this.#sends.delete(key)) this.#keyBytes -= key.length;
  }
}
