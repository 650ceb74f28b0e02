import type { EscrowState } from '@tenant-delivery/rotation/escrow';
import type { Answer } from '@tenant-delivery/rotation/ports';
import type { Secret } from '@tenant-delivery/rotation/secret';

/** A site-to-site VPN connection as EC2 tells of it, without its keys. */
export interface VpnConnection {
  readonly id: string;
  /** `available`, or `modifying` while AWS replaces one of its tunnels; others are passed on. */
  readonly state: string;
  readonly routing: 'bgp' | 'static';
  /** The address of the customer's gateway. */
  readonly peer: string;
  /** Whether EC2 keeps the keys to itself: they are stored in Secrets Manager, and were seen to be redacted. */
  readonly keysHidden: boolean;
  readonly tunnels: readonly Tunnel[];
}

export interface Tunnel {
  /** The address of AWS's end, which names the tunnel. */
  readonly outside: string;
  readonly up: boolean;
  /** When that last changed, in whole seconds of AWS's clock. */
  readonly since: number;
  /** How many routes it has accepted. */
  readonly routes: number;
  /** Whether AWS says that a tunnel which is up is provisioned. One that is down is not asked. */
  readonly provisioned: boolean;
  /** AWS wants to replace it for maintenance. */
  readonly replacementPending: boolean;
}

/** One connection. Reads throw when EC2 could not be asked. */
export interface VpnTunnels {
  /** `undefined`: EC2 knows no such connection. */
  look(): Promise<VpnConnection | undefined>;
  /** Gives AWS's end of one tunnel another key, and changes nothing else of it. Sent once, never retried. */
  install(outside: string, key: Secret): Promise<Answer>;
}

/** The keys of both tunnels, by the outside addresses. */
export type TunnelKeys = Readonly<Record<string, Secret>>;

/** The secret that holds both keys, as one JSON object. */
export interface PskEscrow {
  describe(): Promise<EscrowState>;
  /** `undefined`: there is no such version. `keys` is `undefined` when what it holds is no such object. */
  read(
    version: string,
  ): Promise<{ readonly createdAt: number; readonly keys: TunnelKeys | undefined } | undefined>;
  /** Puts the keys under `version` with the label TDPENDING. The same version and keys again change nothing. */
  put(version: string, keys: TunnelKeys): Promise<Answer>;
  /** Moves AWSCURRENT to `version`, from the version that has it now, which gets AWSPREVIOUS. */
  promote(version: string, from: string | undefined): Promise<Answer>;
  /** Takes TDPENDING off `version`. */
  settle(version: string): Promise<Answer>;
  /** Takes AWSPREVIOUS off `version`: Secrets Manager may delete what has no label. */
  forget(version: string): Promise<Answer>;
}
