/** `ord_...`, `encode-chunk-3-att_...`: they end in a ULID. */
const ID = /_[0-9A-HJKMNP-TV-Z]{26}$/;

/** A path as it may stand in a log: what is long and no id is a token, whose holder may play or upload. */
export const loggedPath = (path: string): string =>
  path
    .split('/')
    .map((part) => (part.length >= 22 && !ID.test(part) ? '***' : part))
    .join('/');
