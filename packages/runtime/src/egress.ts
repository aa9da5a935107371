import { promises as dns, type LookupAddress } from 'node:dns';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { type EgressRules, egressRules } from './egress-addresses.ts';

/** Where the request would go is not allowed, and will not be later: not to be tried again. */
export class EgressRefused extends Error {
  override name = 'EgressRefused';
}

/** No answer: the name does not resolve, nobody listens, or it took too long. May pass. */
export class EgressUnreachable extends Error {
  override name = 'EgressUnreachable';
}

export interface EgressRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the request, and the body while it is read. */
  readonly signal?: AbortSignal;
  /** Redirects followed for GET and HEAD; with 0 the 3xx itself is the answer. At most and by default 5. */
  readonly maxRedirects?: number;
  /** Until the headers of an answer are there, each hop. Default 30. */
  readonly headersTimeoutSeconds?: number;
  /** The longest silence within the body. Default 30. */
  readonly bodyTimeoutSeconds?: number;
}

export interface EgressResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The address that answered, after redirects. */
  readonly url: URL;
  /** To be read, destroyed or discarded, or the connection stays taken. An error of it may pass. */
  readonly body: Readable;
  /** For a body that nobody wants: reads at most 64 KB, so that a short one keeps the connection. */
  discard(): Promise<void>;
}

/** HTTP to addresses that customers name: nothing private can be reached with it. */
export interface Egress {
  /** Throws `EgressRefused` or, for a name that does not resolve, `EgressUnreachable`. */
  check(url: string): Promise<URL>;
  /** Every hop is checked. Throws `EgressRefused`, `EgressUnreachable`, or the signal's reason. */
  fetch(url: string, options?: EgressRequest): Promise<EgressResponse>;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

/** Every address of a name; throws when it does not resolve. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const CONNECT_TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 5;
const DISCARD_BYTES = 65_536;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Meant for the first origin only; a redirect elsewhere does not carry them along. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** What the text of an address alone tells; names are judged when they are resolved. */
function checkText(url: string, rules: EgressRules): URL {
  if (!URL.canParse(url)) throw new EgressRefused('It is not an address (URL).');
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new EgressRefused(`Only http and https addresses are fetched, not ${parsed.protocol}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new EgressRefused('The address must not hold a user name or a password.');
  }
  const host = hostOf(parsed);
  if (rules.isMetadataHost(host)) throw refused(host, 'a cloud metadata address');
  if (isIP(host) !== 0) {
    const reason = rules.judge(host);
    if (reason !== null) throw refused(host, reason);
  }
  return parsed;
}

const refused = (host: string, reason: string): EgressRefused =>
  new EgressRefused(`${host} is ${reason}, which is not allowed.`);

async function resolveAllowed(
  hostname: string,
  rules: EgressRules,
  resolve: Resolve,
): Promise<readonly LookupAddress[]> {
  const addresses = await resolve(hostname).catch((cause: unknown) => {
    throw new EgressUnreachable(`${hostname} does not resolve.`, { cause });
  });
  if (addresses.length === 0) throw new EgressUnreachable(`${hostname} does not resolve.`);
  const judge = rules.allowsHost(hostname) ? rules.judgeAllowedHost : rules.judge;
  for (const { address } of addresses) {
    const reason = judge(address);
    if (reason !== null) throw refused(hostname, reason);
  }
  return addresses;
}

/** Node connects to exactly what this answers: a name cannot change between check and connect. */
const checkedLookup =
  (rules: EgressRules, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolveAllowed(hostname, rules, resolve).then(
      (addresses) => {
        if (options.all) return callback(null, [...addresses]);
        const [first] = addresses;
        callback(null, first?.address ?? '', first?.family);
      },
      (error: Error) => callback(error, ''),
    );
  };

function withoutPrivate(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.has(name.toLowerCase()));
  return Object.fromEntries(kept);
}

/** undici's errors in our words; an abort stays what the caller made it. */
function translate(error: unknown, host: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted || error instanceof EgressRefused || error instanceof EgressUnreachable) {
    return error;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new EgressUnreachable(`${host} does not answer: ${reason}`, { cause: error });
}

async function askOnce(agent: Agent, url: URL, options: EgressRequest) {
  const { signal, body, method = 'GET', headers = {} } = options;
  try {
    return await request(url, {
      dispatcher: agent,
      method,
      headers: { ...headers },
      headersTimeout: (options.headersTimeoutSeconds ?? 30) * 1000,
      bodyTimeout: (options.bodyTimeoutSeconds ?? 30) * 1000,
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  } catch (error) {
    throw translate(error, hostOf(url), signal);
  }
}

async function follow(
  agent: Agent,
  rules: EgressRules,
  address: string,
  options: EgressRequest,
): Promise<EgressResponse> {
  const { method = 'GET', maxRedirects = MOST_REDIRECTS } = options;
  const hops = method === 'GET' || method === 'HEAD' ? Math.min(maxRedirects, MOST_REDIRECTS) : 0;
  let url = checkText(address, rules);
  let headers = options.headers ?? {};
  for (let hop = 0; ; hop++) {
    const {
      statusCode,
      headers: answer,
      body,
    } = await askOnce(agent, url, { ...options, headers });
    const { location } = answer;
    if (hops === 0 || !REDIRECTS.has(statusCode) || typeof location !== 'string') {
      // An error of a body that nobody reads must not end the process; a reader still sees it.
      body.on('error', () => {});
      const discard = () => body.dump({ limit: DISCARD_BYTES });
      return { status: statusCode, headers: answer, url, body, discard };
    }
    await body.dump({ limit: DISCARD_BYTES });
    if (hop === hops) throw new EgressRefused(`The address redirects more than ${hops} times.`);
    if (!URL.canParse(location, url.href))
      throw new EgressRefused('It redirects to no address (URL).');
    const next = checkText(new URL(location, url).href, rules);
    if (next.origin !== url.origin) headers = withoutPrivate(headers);
    url = next;
  }
}

/**
 * `allow` lists hosts, addresses and CIDRs that are fine although private (`SPILLWAY_EGRESS_ALLOW`);
 * cloud metadata never is. Throws `ConfigError` for an entry that cannot be read.
 */
export function createEgress({
  allow,
  resolve = (hostname) => dns.lookup(hostname, { all: true }),
}: {
  allow: readonly string[];
  resolve?: Resolve;
}): Egress {
  const rules = egressRules(allow);
  const agent = new Agent({
    allowH2: false,
    connect: { lookup: checkedLookup(rules, resolve), timeout: CONNECT_TIMEOUT_MS },
  });
  return {
    async check(url) {
      const parsed = checkText(url, rules);
      const host = hostOf(parsed);
      if (isIP(host) === 0) await resolveAllowed(host, rules, resolve);
      return parsed;
    },
    fetch: (url, options = {}) => follow(agent, rules, url, options),
    close: () => agent.destroy(),
  };
}
