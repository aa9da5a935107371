import { CreatePlaybackToken, type PlaybackToken } from '@spillway/contracts';
import { invalidFields, ProblemError } from '@spillway/runtime';
import { json, type Request, type Response, Router } from 'express';
import type { PlaybackTokens } from '../../app/playback-tokens.ts';
import type { OrderStore } from '../../app/ports.ts';
import { signedAddresses } from '../../domain/addresses.ts';
import { playbackOf } from '../../domain/snapshot.ts';
import { orderIdOf, readOrThrow } from './order-routes.ts';

export interface PlaybackTokenParts {
  readonly store: OrderStore;
  readonly tokens: PlaybackTokens;
  readonly publicUrl: string;
}

/** Addresses of a signed order for as long as the customer chooses, for example for one viewer. */
export function playbackTokenRoutes({ store, tokens, publicUrl }: PlaybackTokenParts): Router {
  const router = Router();
  router.post(
    '/v1/orders/:id/playback-tokens',
    json(),
    async (request: Request, response: Response<PlaybackToken>) => {
      const body = CreatePlaybackToken.safeParse(request.body ?? {});
      if (!body.success) throw invalidFields(body.error, 'body');
      const state = await readOrThrow(store, orderIdOf(request));
      if (state.request.playback === 'public') {
        throw new ProblemError(409, 'playback-public', 'The order is public', {
          detail: 'Its addresses never expire, and need no token.',
        });
      }
      const expiresAt = Math.ceil(Date.now() / 1000) + body.data.seconds;
      const token = tokens.create(state.id, expiresAt);
      response.status(201).json({
        token,
        expiresAt: new Date(expiresAt * 1000).toISOString(),
        playback: playbackOf(state, signedAddresses(publicUrl, state.id, token)),
      });
    },
  );
  return router;
}
