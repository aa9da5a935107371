// The records of the log, as bytes. Little-endian; each begins with its kind (u8).

/** A message as it is written: its state and its content. */
export interface MessageRecord {
  slot: number;
  sequence: number;
  queue: number;
  /** Milliseconds since 1970: sent, visible from, first received (0: never). */
  sentAt: number;
  visibleAt: number;
  firstReceivedAt: number;
  receives: number;
  /** UUID, 36 characters. */
  id: string;
  /** MD5 of the body, 32 hexadecimal characters. */
  md5: string;
  group: string;
  /** Key in the queue's table of duplicates; empty when the queue does not look for them. */
  dedupKey: string;
  /** What else is returned with the message, as JSON; empty when there is nothing. */
  meta: string;
  /** ARN of the queue it was moved from as a dead letter, or empty. */
  source: string;
  body: string;
}

/** A message that another one takes the place of, in one write (a redrive gives a new identity). */
export interface Replaced {
  slot: number;
  sequence: number;
}

/** The state of a message that changes while it waits. */
export interface LeaseRecord {
  slot: number;
  sequence: number;
  visibleAt: number;
  receives: number;
  firstReceivedAt: number;
}

/** A message goes to another queue and takes a new place in order; its content stays where it is. */
export interface MoveRecord {
  slot: number;
  sequence: number;
  newSequence: number;
  queue: number;
  sentAt: number;
  /** ARN of the queue it comes from (DeadLetterQueueSourceArn). */
  source: string;
}

/** A send that is remembered although its message is gone: a second one is a duplicate. */
export interface SentRecord {
  queue: number;
  key: string;
  id: string;
  sequence: number;
  sentAt: number;
}

/** Receives the records of a log in order. Positions are those of {@link Log.append}. */
export interface RecordSink {
  message(record: Omit<MessageRecord, 'body' | 'md5'>, position: number, bytes: number): void;
  remove(slot: number, sequence: number): void;
  /** The message goes, as the next record is a new one in its place: a move task went on by one. */
  redriven(slot: number, sequence: number): void;
  lease(record: LeaseRecord): void;
  move(record: MoveRecord): void;
  purge(queue: number, belowSequence: number): void;
  sent(record: SentRecord, position: number): void;
  document(key: string, value: unknown, position: number, bytes: number): void;
}

const kinds = { message: 1, remove: 2, lease: 3, move: 4, purge: 5, sent: 6, document: 7 } as const;

const at = {
  slot: 1,
  sequence: 5,
  queue: 13,
  sentAt: 17,
  visibleAt: 25,
  firstReceivedAt: 33,
  receives: 41,
  replacedSlot: 45,
  replacedSequence: 49,
  groupBytes: 57,
  dedupBytes: 59,
  sourceBytes: 61,
  metaBytes: 63,
  bodyBytes: 67,
  id: 71,
  md5: 107,
  text: 139,
} as const;

/** Encodes records into one buffer; each result is valid until the next call. */
export class RecordEncoder {
  #buffer = Buffer.allocUnsafe(64 * 1024);

  message(record: MessageRecord, replaced: Replaced = { slot: 0, sequence: 0 }): Buffer {
    const { group, dedupKey, source, meta, body } = record;
    // UTF-8 needs at most three bytes for a UTF-16 unit.
    const buffer = this.#room(
      at.text + 3 * (group.length + dedupKey.length + source.length + meta.length + body.length),
    );
    buffer[0] = kinds.message;
    buffer.writeUInt32LE(record.slot, at.slot);
    buffer.writeDoubleLE(record.sequence, at.sequence);
    buffer.writeUInt32LE(record.queue, at.queue);
    buffer.writeDoubleLE(record.sentAt, at.sentAt);
    buffer.writeDoubleLE(record.visibleAt, at.visibleAt);
    buffer.writeDoubleLE(record.firstReceivedAt, at.firstReceivedAt);
    buffer.writeUInt32LE(record.receives, at.receives);
    buffer.writeUInt32LE(replaced.slot, at.replacedSlot);
    buffer.writeDoubleLE(replaced.sequence, at.replacedSequence);
    buffer.write(record.id, at.id, 'latin1');
    buffer.write(record.md5, at.md5, 'latin1');
    let end: number = at.text;
    const text = (value: string): number => {
      const bytes = value === '' ? 0 : buffer.write(value, end, 'utf8');
      end += bytes;
      return bytes;
    };
    buffer.writeUInt16LE(text(group), at.groupBytes);
    buffer.writeUInt16LE(text(dedupKey), at.dedupBytes);
    buffer.writeUInt16LE(text(source), at.sourceBytes);
    buffer.writeUInt32LE(text(meta), at.metaBytes);
    buffer.writeUInt32LE(text(body), at.bodyBytes);
    return buffer.subarray(0, end);
  }

  remove(slot: number, sequence: number): Buffer {
    const buffer = this.#room(13);
    buffer[0] = kinds.remove;
    buffer.writeUInt32LE(slot, 1);
    buffer.writeDoubleLE(sequence, 5);
    return buffer.subarray(0, 13);
  }

  lease(record: LeaseRecord): Buffer {
    const buffer = this.#room(33);
    buffer[0] = kinds.lease;
    buffer.writeUInt32LE(record.slot, 1);
    buffer.writeDoubleLE(record.sequence, 5);
    buffer.writeDoubleLE(record.visibleAt, 13);
    buffer.writeUInt32LE(record.receives, 21);
    buffer.writeDoubleLE(record.firstReceivedAt, 25);
    return buffer.subarray(0, 33);
  }

  move(record: MoveRecord): Buffer {
    return this.#json(kinds.move, record);
  }

  purge(queue: number, belowSequence: number): Buffer {
    return this.#json(kinds.purge, { queue, belowSequence });
  }

  sent(record: SentRecord): Buffer {
    return this.#json(kinds.sent, record);
  }

  /** A `value` of `undefined` removes the document. */
  document(key: string, value: unknown): Buffer {
    return this.#json(kinds.document, { key, value });
  }

  /** Rare records are JSON: nothing is gained by packing them. */
  #json(kind: number, value: object): Buffer {
    const text = JSON.stringify(value);
    const buffer = this.#room(1 + 3 * text.length);
    buffer[0] = kind;
    return buffer.subarray(0, 1 + buffer.write(text, 1, 'utf8'));
  }

  #room(bytes: number): Buffer {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafe(bytes * 2);
    return this.#buffer;
  }
}

/** Reads one record and hands it to `sink`. @throws Error for a kind this version does not know */
export function decodeRecord(payload: Buffer, position: number, sink: RecordSink): void {
  const kind = payload[0];
  if (kind === kinds.message) {
    const replaced = payload.readDoubleLE(at.replacedSequence);
    if (replaced > 0) sink.redriven(payload.readUInt32LE(at.replacedSlot), replaced);
    sink.message(decodeHead(payload), position, payload.length);
  } else if (kind === kinds.remove) {
    sink.remove(payload.readUInt32LE(1), payload.readDoubleLE(5));
  } else if (kind === kinds.lease) {
    sink.lease({
      slot: payload.readUInt32LE(1),
      sequence: payload.readDoubleLE(5),
      visibleAt: payload.readDoubleLE(13),
      receives: payload.readUInt32LE(21),
      firstReceivedAt: payload.readDoubleLE(25),
    });
  } else {
    decodeRare(kind, JSON.parse(payload.toString('utf8', 1)), payload, position, sink);
  }
}

function decodeRare(
  kind: number | undefined,
  value: unknown,
  payload: Buffer,
  position: number,
  sink: RecordSink,
): void {
  if (kind === kinds.move) {
    sink.move(value as MoveRecord);
  } else if (kind === kinds.purge) {
    const { queue, belowSequence } = value as { queue: number; belowSequence: number };
    sink.purge(queue, belowSequence);
  } else if (kind === kinds.sent) {
    sink.sent(value as SentRecord, position);
  } else if (kind === kinds.document) {
    const document = value as { key: string; value: unknown };
    sink.document(document.key, document.value, position, payload.length);
  } else {
    throw new Error(`a record of kind ${kind} is not known to this version`);
  }
}

function decodeHead(payload: Buffer): Omit<MessageRecord, 'body' | 'md5'> {
  const groupEnd = at.text + payload.readUInt16LE(at.groupBytes);
  const dedupEnd = groupEnd + payload.readUInt16LE(at.dedupBytes);
  const sourceEnd = dedupEnd + payload.readUInt16LE(at.sourceBytes);
  return {
    slot: payload.readUInt32LE(at.slot),
    sequence: payload.readDoubleLE(at.sequence),
    queue: payload.readUInt32LE(at.queue),
    sentAt: payload.readDoubleLE(at.sentAt),
    visibleAt: payload.readDoubleLE(at.visibleAt),
    firstReceivedAt: payload.readDoubleLE(at.firstReceivedAt),
    receives: payload.readUInt32LE(at.receives),
    id: payload.toString('latin1', at.id, at.md5),
    group: groupEnd > at.text ? payload.toString('utf8', at.text, groupEnd) : '',
    dedupKey: dedupEnd > groupEnd ? payload.toString('utf8', groupEnd, dedupEnd) : '',
    source: sourceEnd > dedupEnd ? payload.toString('utf8', dedupEnd, sourceEnd) : '',
    meta: '',
  };
}

/** The whole of a message record, its body included. */
export function decodeMessage(payload: Buffer): MessageRecord {
  const head = decodeHead(payload);
  const metaStart =
    at.text +
    payload.readUInt16LE(at.groupBytes) +
    payload.readUInt16LE(at.dedupBytes) +
    payload.readUInt16LE(at.sourceBytes);
  const metaEnd = metaStart + payload.readUInt32LE(at.metaBytes);
  const bodyEnd = metaEnd + payload.readUInt32LE(at.bodyBytes);
  return {
    ...head,
    md5: payload.toString('latin1', at.md5, at.text),
    meta: payload.toString('utf8', metaStart, metaEnd),
    body: payload.toString('utf8', metaEnd, bodyEnd),
  };
}
