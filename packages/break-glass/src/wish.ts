import type { BreakGlassTerms } from './ports.ts';

/** What a run is asked to do. */
export type Wish =
  | { readonly do: 'open'; readonly asked: Asked }
  | { readonly do: 'close'; readonly grant: string }
  /** Every open grant of one person, for an incident. */
  | { readonly do: 'revoke'; readonly requester: string };

export interface Asked {
  /** The grant's id: it names the trust statement and the sessions. */
  readonly grant: string;
  readonly requester: string;
  /** The ARN of the principal that the requester comes by. */
  readonly principal: string;
  readonly incident: string;
  readonly reason: string;
  readonly minutes: number;
  /** Logins of those who approved it, as GitHub says. */
  readonly approvers: readonly string[];
}

/** A statement's Sid, and a name of a session, in one. */
const GRANT = /^G[0-9A-Za-z]{1,31}$/;

/** As STS takes a source identity; nothing in it is a wildcard. */
const REQUESTER = /^[\w+=,.@-]{2,64}$/;

/** What is wrong with what was asked, one sentence each. */
export function mistakesIn(asked: Asked, terms: BreakGlassTerms): readonly string[] {
  const known = terms.principals.map(({ arn }) => arn);
  const says = (holds: boolean, mistake: string) => (holds ? [] : [mistake]);
  return [
    ...says(GRANT.test(asked.grant), 'the id of the grant is none'),
    ...says(
      REQUESTER.test(asked.requester),
      'the requester is no source identity: 2 to 64 letters, digits and _+=,.@-',
    ),
    ...says(
      known.includes(asked.principal),
      `the principal ${asked.principal} is not named by the contract (${known.join(', ')} are)`,
    ),
    ...says(asked.incident.trim() !== '', 'no incident is named'),
    ...says(asked.reason.trim() !== '', 'no reason is given'),
    ...says(
      Number.isInteger(asked.minutes) && asked.minutes >= 1 && asked.minutes <= terms.longestMinutes,
      `${asked.minutes} minutes are asked for; agreed are 1 to ${terms.longestMinutes}`,
    ),
    ...says(asked.approvers.length > 0, 'nobody has approved it'),
  ];
}
