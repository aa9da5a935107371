import type { Messaging } from '@spillway/messaging';
import type { ObjectStore } from '@spillway/storage';
import type { Workflow } from '../../services/order-api/src/app/workflow.ts';
import type { Download, Media, SendResult } from '../../services/video-encoder/src/app/ports.ts';
import type { Worker, WorkerParts } from '../../services/video-encoder/src/app/worker.ts';
import type { DatabaseConnection } from './database-connection.ts';

/** What the order API is given; a plant may replace any of it. */
export interface ApiPorts {
  readonly database: DatabaseConnection;
  readonly messaging: Messaging;
  readonly storage: ObjectStore;
  readonly workflow: (real: Workflow) => Workflow;
  readonly reconciles: boolean;
}

/** What a worker is given; a plant may replace any of it. */
export interface EncoderPorts {
  readonly messaging: Messaging;
  readonly storage: ObjectStore;
  readonly media: Media;
  readonly download: Download;
  readonly sendResult: (real: SendResult) => SendResult;
  readonly worker: (parts: WorkerParts) => Worker;
  readonly maxAttempts: number;
}
