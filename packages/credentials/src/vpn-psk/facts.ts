import { factReader, isTexts } from '@tenant-delivery/rotation/fact-reader';
import type { Began, Ended } from '@tenant-delivery/rotation/journal-entry';

/** The calls that change something. A tunnel is named by its outside address, a key by version and tunnel. */
export type Step =
  /** Draws both keys, and puts them into escrow as `version` with the next call. */
  | { readonly do: 'escrow'; readonly version: string }
  | Install
  | { readonly do: 'promote'; readonly version: string; readonly from: string | null }
  | { readonly do: 'settle'; readonly version: string }
  | { readonly do: 'forget'; readonly version: string };

export interface Install {
  readonly do: 'install';
  readonly tunnel: string;
  readonly version: string;
  /** `again`: a run died over it, and the tunnel is down. `back`: the key that was there before. */
  readonly why: 'new' | 'again' | 'back';
  /** Why the previous key comes back. */
  readonly because?: string | undefined;
}

export interface Opened {
  readonly kind: 'opened';
  readonly reason: 'due' | 'forced' | 'compromise' | 'bootstrap';
  readonly account: string;
  /** The id of the VPN connection. */
  readonly connection: string;
  /** Outside addresses, in the order in which they are changed. */
  readonly tunnels: readonly string[];
  /** The version whose keys are installed; `null` when escrow has none, and there is no way back. */
  readonly previous: string | null;
}

/** The customer's people have the key ready at their device. */
export interface Attested {
  readonly kind: 'attested';
  readonly tunnel: string;
  readonly key: string;
  readonly by: string;
}

/** The tunnel has been up with the new key for as long as agreed. */
export interface Proved {
  readonly kind: 'proved';
  readonly tunnel: string;
  readonly key: string;
  /** Since when it is up. */
  readonly upSince: string;
}

/** Somebody said that the old keys have leaked: no window holds the change back, and they never come back. */
export interface Compromised {
  readonly kind: 'compromised';
}

export interface Closed {
  readonly kind: 'closed';
  readonly deviations: readonly string[];
}

export type Note = Opened | Attested | Proved | Compromised | Closed | Ended<Step>;

export type VpnPskFact = Note | Began<Step>;

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  opened: ['reason', 'account', 'connection'],
  began: ['session'],
  ended: ['answer'],
  attested: ['tunnel', 'key', 'by'],
  proved: ['tunnel', 'key', 'upSince'],
  compromised: [],
  closed: [],
};
const STEP_TEXTS: Readonly<Record<string, readonly string[]>> = {
  escrow: ['version'],
  install: ['tunnel', 'version', 'why'],
  promote: ['version'],
  settle: ['version'],
  forget: ['version'],
};

export const readVpnPskFact = factReader<VpnPskFact>(TEXTS, STEP_TEXTS, (kind, fact) =>
  kind === 'opened' && !isTexts(fact['tunnels']) ? 'opens without saying which tunnels' : undefined,
);
