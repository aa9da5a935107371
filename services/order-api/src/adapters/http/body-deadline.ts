import type { RequestHandler } from 'express';

/** A body of a few kilobytes that takes longer is one that only means to hold a connection. */
const MOST_MS = 60_000;

/** Cuts requests whose body does not come to its end. Those without a body pay nothing. */
export const bodyDeadline: RequestHandler = (request, _response, next) => {
  if (request.headers['content-length'] || request.headers['transfer-encoding']) {
    const timer = setTimeout(() => request.destroy(), MOST_MS).unref();
    const done = () => clearTimeout(timer);
    request.once('end', done).once('close', done);
  }
  next();
};
