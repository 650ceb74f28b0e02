/** A tenant that is kept for canaries, and what of it they use. */
export interface CanaryTenant {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  /** A base image with known findings that the tenant's policy denies, as a Dockerfile names it. */
  readonly deniedBase: string;
  /** A credential of the contract that nobody uses; no rotation is played without one. */
  readonly credential?: string;
  /** Who gets the role for incidents, and by which principal of the contract; no grant is played without one. */
  readonly grant?: { readonly requester: string; readonly principal: string };
}
