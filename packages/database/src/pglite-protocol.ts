// What crosses between the main thread and the one that PGlite runs in.

export interface WorkerSettings {
  /** Where Postgres's own files are. */
  readonly dataDir: string;
}

export interface WorkerRequest {
  readonly id: number;
  readonly kind: 'query' | 'script' | 'close';
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** What it writes is on disk before it is answered. */
  readonly durable: boolean;
}

export type WorkerAnswer =
  | { readonly id: number; readonly rows: unknown[] }
  | {
      readonly id: number;
      readonly error: {
        message: string;
        code?: string | undefined;
        constraint?: string | undefined;
      };
    };
