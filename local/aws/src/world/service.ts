import type { PolicyDocument } from '../policy/document.ts';
import type { Rule } from '../rules/rule.ts';
import type { World } from './world.ts';

/** Who signed a request: a principal of one account, by the access key that signed. */
export interface Principal {
  readonly account: string;
  /** `arn:aws:iam::…:user/operator` or `arn:aws:sts::…:assumed-role/td-prod-deploy/…`. */
  readonly arn: string;
  /** The role's own ARN when the key is a session's. */
  readonly roleArn?: string;
  /** The key that signed; absent where a test makes a principal without one. */
  readonly accessKeyId?: string;
  /** When the session began, in milliseconds since the epoch; long-lived keys have no such moment. */
  readonly issued?: number;
  /** Whom a session says it is of; once set it stays with every session that is made of it. */
  readonly sourceIdentity?: string;
  /** The session tells of a second factor. */
  readonly mfa?: true;
  /** The policy that was given with AssumeRole: it allows nothing that the role does not. */
  readonly sessionPolicy?: PolicyDocument;
}

/** One authenticated request, as a handler sees it. */
export interface Call {
  /** `undefined` only for operations that AWS serves unsigned (AssumeRoleWithWebIdentity). */
  readonly principal: Principal | undefined;
  /** The account whose resources exist for this call; empty for unsigned operations. */
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  readonly world: World;
  /** Lower-case request headers, for the REST services. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A handler takes the parsed and checked input and answers the output, both in the SDK's own types. */
// biome-ignore lint/suspicious/noExplicitAny: each service file types its handlers with the SDK's own input and output
export type Handler = (input: any, call: Call) => object | Promise<object>;

/** One AWS service: the SDK package whose schemas speak for it, and the operations that it answers. */
export interface Service {
  /** As in the credential scope of a signature: `ecs`, `ecr`, `elasticloadbalancing`, … */
  readonly name: string;
  /** The npm package with its schemas: `@aws-sdk/client-ecs`. */
  readonly sdk: string;
  readonly operations: Readonly<Record<string, Handler>>;
  /** What AWS's pages say of inputs beyond the model; checked before a handler sees one. */
  readonly rules?: readonly Rule[];
}

/** An error in the service's own words; the wire layer gives it the shape of the protocol in use. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The modelled shape name (`ServiceNotFoundException`), or a common one (`AccessDeniedException`). */
  readonly code: string;
  readonly status: number;
  /** Further members of the error's shape. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
