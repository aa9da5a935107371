import { hasEnded, type ViewerOrder } from '@spillway/contracts';
import type { RequestHandler } from 'express';
import type { EventFeed } from '../../app/event-feed.ts';
import type { OrderStore } from '../../app/ports.ts';
import { publicAddresses, signedAddresses } from '../../domain/addresses.ts';
import type { OrderState } from '../../domain/order.ts';
import { playbackOf } from '../../domain/snapshot.ts';
import { lastEventId } from './event-routes.ts';
import { eventText, type SendEvents } from './event-stream.ts';
import { readOrThrow } from './order-routes.ts';
import { type Viewer, viewerOf } from './viewer.ts';

/** Addresses keep the viewer's own token: whoever may watch until an hour gets none that holds longer. */
function viewOf(state: OrderState, { token }: Viewer, publicUrl: string): ViewerOrder {
  const { id, status, stage, progress } = state;
  const addresses =
    token === null ? publicAddresses(publicUrl, id) : signedAddresses(publicUrl, id, token);
  return { id, status, stage, progress, playback: playbackOf(state, addresses) };
}

export interface ViewerEventParts {
  readonly store: OrderStore;
  readonly feed: EventFeed;
  readonly sendEvents: SendEvents;
  readonly publicUrl: string;
}

/** Server-sent events for a page with a player: how far the order is now, and whenever that changes. */
export function viewerEvents(parts: ViewerEventParts): RequestHandler {
  const { store, feed, sendEvents, publicUrl } = parts;
  return async (request, response) => {
    const viewer = viewerOf(response);
    const after = lastEventId(request);
    const { status, sequence } = await readOrThrow(store, viewer.orderId);
    if (hasEnded(status) && after >= sequence) return void response.status(204).end();
    await sendEvents(viewer.orderId, response, async function* (gone) {
      for await (const state of feed.states(viewer.orderId, after, gone)) {
        yield eventText(state.sequence, 'order', viewOf(state, viewer, publicUrl));
      }
    });
  };
}
