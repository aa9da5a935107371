import ipaddr from 'ipaddr.js';
import { ConfigError } from './config.ts';

/** Why an address may not be spoken to, as the end of "it is ..."; null when it may. */
export type AddressJudge = (address: string) => string | null;

export interface EgressRules {
  /** True for a host name whose addresses may be private: the operator named it. */
  readonly allowsHost: (hostname: string) => boolean;
  readonly isMetadataHost: (hostname: string) => boolean;
  readonly judge: AddressJudge;
  /** The same for a host that `allowsHost`: everything but cloud metadata. */
  readonly judgeAllowedHost: AddressJudge;
}

type Cidr = ReturnType<typeof ipaddr.parseCIDR>;
type Address = ReturnType<typeof ipaddr.parse>;

/**
 * Where clouds hand out credentials: all of IPv4 link-local (EC2, ECS 169.254.170.2, EKS, Azure, GCP),
 * Azure's wire server, Alibaba, Oracle, EC2 and GCP over IPv6. No setting opens these.
 */
const METADATA = [
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
].map((cidr) => ipaddr.parseCIDR(cidr));

const METADATA_HOSTS = new Set(['metadata.google.internal', 'metadata.goog', 'instance-data']);

/** IPv6 in which an IPv4 address is wrapped: another way to the same place, so it is never opened. */
const WRAPPED_IPV4 = ['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48']
  .concat(['2002::/16', '2001::/32'])
  .map((cidr) => ipaddr.parseCIDR(cidr));
const IPV6_LOOPBACK = ipaddr.parseCIDR('::1/128');
/** The only IPv6 that is handed out for the public internet (RFC 4291, IANA). */
const IPV6_GLOBAL = ipaddr.parseCIDR('2000::/3');

const within = (address: Address, [network, bits]: Cidr): boolean =>
  address.kind() === network.kind() && address.match(network, bits);
const withinAny = (address: Address, cidrs: readonly Cidr[]): boolean =>
  cidrs.some((cidr) => within(address, cidr));

function rangeName(address: Address): string {
  switch (address.range()) {
    case 'loopback':
      return 'a loopback address';
    case 'private':
    case 'uniqueLocal':
    case 'carrierGradeNat':
      return 'a private address';
    case 'linkLocal':
      return 'a link-local address';
    case 'multicast':
    case 'broadcast':
      return 'a multicast address';
    default:
      return 'a reserved address';
  }
}

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || within(address, IPV6_GLOBAL));

function judgeNeverOpened(address: Address): string | null {
  if (withinAny(address, METADATA)) return 'a cloud metadata address';
  if (withinAny(address, WRAPPED_IPV4) && !within(address, IPV6_LOOPBACK)) {
    return 'an IPv4 address wrapped in IPv6';
  }
  return null;
}

/** A host name in the form in which names are compared. */
const canonicalName = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, '');

function parseAllow(allow: readonly string[]): { cidrs: Cidr[]; hosts: Set<string> } {
  const cidrs: Cidr[] = [];
  const hosts = new Set<string>();
  for (const entry of allow) {
    const bare = entry.replace(/^\[(.*)\]$/, '$1');
    if (ipaddr.isValidCIDR(bare)) cidrs.push(ipaddr.parseCIDR(bare));
    else if (ipaddr.IPv4.isValidFourPartDecimal(bare)) cidrs.push(ipaddr.parseCIDR(`${bare}/32`));
    else if (ipaddr.IPv6.isValid(bare)) cidrs.push(ipaddr.parseCIDR(`${bare}/128`));
    else if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(bare)) hosts.add(canonicalName(bare));
    else {
      throw new ConfigError(
        `SPILLWAY_EGRESS_ALLOW: "${entry}" is neither a host name, an address nor a CIDR`,
      );
    }
  }
  return { cidrs, hosts };
}

/**
 * The rules for outgoing connections. `allow` lists host names, addresses and CIDRs that are fine
 * although private; throws `ConfigError` for an entry that is none of these.
 */
export function egressRules(allow: readonly string[]): EgressRules {
  const { cidrs, hosts } = parseAllow(allow);
  const judgeWith = (address: string, isAllowed: (parsed: Address) => boolean): string | null => {
    // A zone (fe80::1%eth0) says which network card, not which address.
    const parsed = ipaddr.parse(address.replace(/%.*$/, ''));
    const never = judgeNeverOpened(parsed);
    if (never !== null) return never;
    return isPublic(parsed) || isAllowed(parsed) ? null : rangeName(parsed);
  };
  return {
    allowsHost: (hostname) => hosts.has(canonicalName(hostname)),
    isMetadataHost: (hostname) => METADATA_HOSTS.has(canonicalName(hostname)),
    judge: (address) => judgeWith(address, (parsed) => withinAny(parsed, cidrs)),
    judgeAllowedHost: (address) => judgeWith(address, () => true),
  };
}
