/** How an embedded broker is started. */
export interface BrokerOptions {
  /** Folder of the store; made when it is missing, locked against a second broker. */
  dataDir: string;
  /** Address to listen on. Default `127.0.0.1`: nothing is authenticated. */
  host?: string;
  /** TCP port. Default 0: any free one, to be read from {@link Broker.port}. */
  port?: number;
  /**
   * `on` (default): every answered request is on disk. `off`: answers do not wait for the disk, so a
   * power cut or a crash of the machine can lose the last moments; a crash of the process cannot lose
   * what was already written to the operating system.
   */
  sync?: 'on' | 'off';
  /**
   * AWS's waiting times of 60 s: between two purges of a queue, and before the name of a deleted queue
   * is used again. Default false: what a test or a laptop wants.
   */
  cooldowns?: boolean;
  /**
   * AWS's quotas of FIFO queues: 300 requests a second of each kind, or 300 sends a second of each
   * message group where FifoThroughputLimit is `perMessageGroupId`. Default false: no limit.
   */
  fifoLimits?: boolean;
  /**
   * Bytes that the files of the log grow to; at least 1 MiB, default 64 MiB. Half of it may be
   * wasted before compaction begins.
   */
  segmentBytes?: number;
  /** Region in ARNs. Default `us-east-1`. */
  region?: string;
  /** Milliseconds since 1970; for tests. Default `Date.now`. */
  now?: () => number;
  /** More pages to answer GET with, by path, beside `/healthz`: `/metrics`, for example. */
  pages?: Record<string, Page>;
  /** Told of what an operator should know: a damaged tail at start, a full disk, a failed compaction. */
  log?: (event: BrokerEvent) => void;
}

/** What a page shows; `type` is its content type, `status` 200 unless told. */
export interface PageContent {
  type: string;
  body: string;
  status?: number;
}

/** A page served beside the two protocols. */
export type Page = () => PageContent | Promise<PageContent>;

/** Something an operator should know. `details` are flat, for a structured log line. */
export interface BrokerEvent {
  level: 'info' | 'warn' | 'error';
  message: string;
  details: Record<string, string | number | boolean>;
}

/** Depth of one queue, as in `ApproximateNumberOfMessages`, `…NotVisible` and `…Delayed`. */
export interface QueueDepth {
  name: string;
  waiting: number;
  inFlight: number;
  delayed: number;
}

/** A running broker. */
export interface Broker {
  /** Endpoint for both SQS and SNS clients, e.g. `http://127.0.0.1:9324`. */
  url: string;
  port: number;
  /** Depth of every queue now, for metrics. */
  queues(): QueueDepth[];
  /** What a POST over HTTP does, without the network: for the program that embeds the broker. */
  request(request: BrokerRequest): Promise<BrokerResponse>;
  /** Answers what is under way, wakes long polls, flushes and unlocks the folder. */
  close(): Promise<void>;
}

/** A POST to the broker, made within the process that embeds it. */
export interface BrokerRequest {
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  /** Aborted when the caller no longer waits. */
  signal?: AbortSignal | undefined;
}

export interface BrokerResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}
