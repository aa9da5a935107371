// njs module for nginx: `object` is the key of the object that a request may have, or empty. docs/playback.md
// says how it is set up.
// biome-ignore lint/style/useNodejsImportProtocol: the name of a module there, which is not Node.
import crypto from 'crypto';

/** Whether two strings are the same, in a time that does not tell where they differ. */
function isSame(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** Expiry 0 never comes: the order is public. The key is what `npm run playback-key` prints. */
function isValid(orderId, expiry, signature) {
  const key = process.env.SPILLWAY_PLAYBACK_KEY;
  const hmac = crypto.createHmac('sha256', key).update(`${orderId}.${expiry}`).digest('base64url');
  if (!isSame(signature, hmac.slice(0, 24))) return false;
  return expiry === '0' || Date.now() / 1000 < Number.parseInt(expiry, 36);
}

function object(request) {
  // Only objects that playlists name: neither sources nor reports.
  const found = request.uri.match(
    /^\/([0-9a-z]{1,10})\.([\w-]{24})(\/orders\/(ord_\w{26})\/(encode-chunk|encode-audio|prepare|package)-[\w./-]+\.(m4s|mp4|jpg|vtt))$/,
  );
  if (!found || found[3].includes('..')) return '';
  return isValid(found[4], found[1], found[2]) ? found[3] : '';
}

export default { object };
