// CloudFront Function (runtime 2.0, viewer request): lets a request for an object through if the token before it
// is right, and asks the cache and the origin for the object alone. docs/playback.md says how it is set up.
// biome-ignore lint/style/useNodejsImportProtocol: the name of a module there, which is not Node.
const crypto = require('crypto');

// What `npm run playback-key` prints.
const KEY = 'PLAYBACK_KEY';

/** Whether two strings are the same, in a time that does not tell where they differ. */
function isSame(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** Expiry 0 never comes: the order is public. */
function isValid(orderId, expiry, signature) {
  const hmac = crypto.createHmac('sha256', KEY).update(`${orderId}.${expiry}`).digest('base64url');
  if (!isSame(signature, hmac.slice(0, 24))) return false;
  return expiry === '0' || Date.now() / 1000 < Number.parseInt(expiry, 36);
}

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const { request } = event;
  // Only objects that playlists name: neither sources nor reports.
  const found = request.uri.match(
    /^\/([0-9a-z]{1,10})\.([\w-]{24})(\/orders\/(ord_\w{26})\/(encode-chunk|encode-audio|prepare|package)-[\w./-]+\.(m4s|mp4|jpg|vtt))$/,
  );
  if (request.method === 'OPTIONS') return request;
  if (!found || found[3].includes('..') || !isValid(found[4], found[1], found[2])) {
    return { statusCode: 403, statusDescription: 'Forbidden' };
  }
  request.uri = found[3];
  return request;
}
