/** What a log is opened with. */
export interface LogOptions {
  folder: string;
  durable: boolean;
  maxSegmentBytes: number;
  /** Next sequence number, kept in every segment's header: numbers are never given out twice. */
  nextSequence: () => number;
  /** A write failed: nothing after it can be promised. */
  onFailure: (error: Error) => void;
  /** A segment was begun, or none can be made: the moment to ask whether old ones can go. */
  onSegment: () => void;
  /** The disk is full or nearly so. */
  onStarved: (error: Error) => void;
}
