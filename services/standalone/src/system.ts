import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBroker } from '@spillway/broker';
import { topology } from '@spillway/contracts';
import { openDatabase } from '@spillway/database';
import { createSqsMessaging } from '@spillway/messaging';
import { startNotifier } from '@spillway/notifier';
import { startOrderApi } from '@spillway/order-api';
import { createEgress, type Logger, type Running } from '@spillway/runtime';
import { openStorage } from '@spillway/storage';
import { startVideoEncoder } from '@spillway/video-encoder';
import { Registry } from 'prom-client';
import type { StandaloneConfig } from './config.ts';
import { webhookSecret } from './webhook-secret.ts';

export interface System extends Running {
  /** Of the order API. */
  readonly url: string;
}
