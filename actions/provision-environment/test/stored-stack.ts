import type { ChangeSetRequest, StackEvent, StackSeen } from '@tenant-delivery/provisioning/ports';
import type { Resource, Template } from '@tenant-delivery/provisioning/stacks/template';

export interface Made extends Resource {
  readonly id: string;
}

export interface StoredChangeSet {
  readonly id: string;
  readonly request: ChangeSetRequest;
  readonly type: string;
  readonly at: number;
  execution: string;
}

export interface StoredStack {
  readonly id: string;
  readonly name: string;
  status: string;
  body: string | undefined;
  parameters: Readonly<Record<string, string>>;
  resources: Map<string, Made>;
  policy: string | undefined;
  protected: boolean;
  changeSets: Map<string, StoredChangeSet>;
  /** With the moment from which each is told. */
  events: StackEvent[];
  /** What becomes of the stack, and when. */
  pending: { readonly at: number; readonly act: () => void } | undefined;
}

export function emptyStack(name: string, number: number): StoredStack {
  return {
    id: `arn:aws:cloudformation:eu-west-1:000011112222:stack/${name}/${number}`,
    name,
    status: 'REVIEW_IN_PROGRESS',
    body: undefined,
    parameters: {},
    resources: new Map(),
    policy: undefined,
    protected: false,
    changeSets: new Map(),
    events: [],
    pending: undefined,
  };
}

/** Lets happen what its time has come for. */
export function settle(stack: StoredStack | undefined, now: number): void {
  while (stack?.pending && now >= stack.pending.at) {
    const { act } = stack.pending;
    stack.pending = undefined;
    act();
  }
}

export function seen(stack: StoredStack): StackSeen {
  const outputs = Object.entries(templateIn(stack.body)?.Outputs ?? {});
  return {
    id: stack.id,
    name: stack.name,
    status: stack.status,
    reason: undefined,
    parameters: stack.parameters,
    outputs: Object.fromEntries(outputs.map(([name]) => [name, `${name.toLowerCase()}-1`])),
    terminationProtection: stack.protected,
  };
}

/** An event of the stack itself, unless it says of what. */
export function tell(stack: StoredStack, token: string, at: number, of: Partial<StackEvent>): void {
  stack.events.push({
    id: `${stack.name}-${stack.events.length}`,
    at,
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status: '',
    reason: undefined,
    token,
    ...of,
  });
}

export function templateIn(body: string | undefined): Template | undefined {
  return body === undefined ? undefined : (JSON.parse(body) as Template); // this double stored it
}
