import type { RequestHandler } from 'express';

/**
 * Cuts a body that sends nothing for so long; what has come of it stays. To write the last of it to the
 * disk may then take as long as it likes.
 */
export const cutSilentBodies =
  (silenceMs = 60_000): RequestHandler =>
  (request, response, next) => {
    request.setTimeout(silenceMs, () => request.destroy(new Error('the body was silent')));
    // What ends after its answer has handed the connection on: how long it may be idle is the server's to say.
    request.once('end', () => response.writableEnded || request.setTimeout(0));
    next();
  };

/**
 * Cuts requests whose body has not come to its end after so long: it has a few kilobytes, so a client that
 * takes longer only means to hold a connection. Requests without a body pay nothing.
 */
export const cutSlowBodies =
  (mostMs = 60_000): RequestHandler =>
  (request, _response, next) => {
    if (request.headers['content-length'] || request.headers['transfer-encoding']) {
      const timer = setTimeout(() => request.destroy(), mostMs).unref();
      const done = () => clearTimeout(timer);
      request.once('end', done).once('close', done);
    }
    next();
  };
