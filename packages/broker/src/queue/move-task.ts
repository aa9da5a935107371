export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** Keys of the documents that hold move tasks. */
export const moveTaskPrefix = 'move-task/';

/** A move task as it is kept, so that it goes on after a restart. */
export interface MoveTask {
  id: string;
  /** ARN and number of the queue that messages are taken from. */
  source: string;
  queue: number;
  /** Without one, each message goes back to the queue it came from. */
  destination: string | undefined;
  /** Messages a second; AWS's own choice without one. */
  rate: number | undefined;
  startedAt: number;
  /**
   * Written down once a turn, not once a message. What a crash leaves of a turn is counted from the
   * messages' own records: the source's {@link Queue.redriven} comes on top.
   */
  moved: number;
  toMove: number;
  status: MoveStatus;
  failure: string | undefined;
}
