import type { BrokerEvent } from '../options.ts';
import { Engine } from '../queue/engine.ts';
import { Replay } from '../queue/replay.ts';
import { Compactor } from './compact.ts';
import { DiskJournal } from './disk-journal.ts';
import { Log } from './log.ts';
import { recover } from './recover.ts';

export const defaultSegmentBytes = 64 * 1024 * 1024;

export interface StoreOptions {
  folder: string;
  durable: boolean;
  now: () => number;
  arnOf: (queue: string) => string;
  report: (event: BrokerEvent) => void;
  /** Size that segments grow to. */
  maxSegmentBytes: number;
}

/** An engine whose journal is on disk. */
export interface Store {
  engine: Engine;
  log: Log;
  compactor: Compactor;
  close(): Promise<void>;
}

/** Builds the state of the queues from the folder's log, and goes on writing it. */
export function openStore(options: StoreOptions): Store {
  const { folder, durable, now, arnOf, report, maxSegmentBytes } = options;
  const journal = new DiskJournal();
  const engine = new Engine(journal, now, arnOf, ({ message: cause }) => {
    report({ level: 'error', message: 'a damaged message was dropped', details: { cause } });
  });
  const replay = new Replay(engine);
  const recovered = recover(folder, replay, report);
  engine.messages.reserveSequence(recovered.nextSequence);
  replay.finish();
  const log = new Log(
    {
      folder,
      durable,
      maxSegmentBytes,
      nextSequence: () => engine.messages.nextSequence,
      onFailure: (error) => {
        report({ level: 'error', message: error.message, details: { cause: String(error.cause) } });
      },
      onSegment: () => compactor.runIfDue(),
      onStarved: (error) => {
        report({ level: 'error', message: error.message, details: { cause: String(error.cause) } });
      },
    },
    recovered.segments,
  );
  journal.attach(log);
  const compactor = new Compactor(log, engine, maxSegmentBytes, report);
  compactor.runIfDue();
  return {
    engine,
    log,
    compactor,
    async close() {
      await compactor.stop();
      await log.close();
    },
  };
}
