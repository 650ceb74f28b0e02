import type { Answer, Caller } from '@tenant-delivery/rotation/ports';
import type { PolicyDocument } from './policy-document.ts';

/** Who may be granted a role, and how it is known who they are. */
export interface GrantPrincipal {
  /** The role by which the identity provider's people come. */
  readonly arn: string;
  /**
   * `source-identity`: their sessions carry it from the identity provider. `session-name`: the provider names their
   * sessions after them, as IAM Identity Center does, and they cannot choose.
   */
  readonly knownBy: 'source-identity' | 'session-name';
  /** Their sessions tell AWS of a second factor. Where they do not, the identity provider alone asks for it. */
  readonly mfa: boolean;
}

/** What is agreed about one role that nobody has but for an incident. */
export interface BreakGlassTerms {
  readonly roleArn: string;
  readonly boundaryArn: string;
  readonly principals: readonly GrantPrincipal[];
  readonly longestMinutes: number;
}

export interface ObservedRole {
  readonly arn: string;
  readonly boundary: string | undefined;
  /** Seconds. */
  readonly longestSession: number;
  readonly trust: PolicyDocument;
}

/** The role, and the one policy of it that says who has it now. Reads throw when IAM could not be asked. */
export interface BreakGlassRole {
  describe(): Promise<ObservedRole | undefined>;
  guard(): Promise<PolicyDocument | undefined>;
  putGuard(document: PolicyDocument): Promise<Answer>;
  putTrust(document: PolicyDocument): Promise<Answer>;
}

/** A call of a session of the role, as CloudTrail tells it. */
export interface GrantUse {
  readonly at: number;
  /** `ecs.amazonaws.com UpdateService` */
  readonly call: string;
  readonly writes: boolean;
  readonly refused: boolean;
}

export interface GrantUses {
  /** The newest. */
  readonly told: readonly GrantUse[];
  /** `false`: there are earlier ones, which nobody has looked at. */
  readonly whole: boolean;
}

/** Sessions are named after their grant. */
export interface GrantTrail {
  uses(grant: string, since: number): Promise<GrantUses>;
}

export interface BreakGlassWorld {
  readonly caller: Caller;
  readonly role: BreakGlassRole;
  readonly trail: GrantTrail;
}
