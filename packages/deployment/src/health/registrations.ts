/** A target group that a service registers a container with. */
export interface Registration {
  /** The one of the pair, where traffic shifts between two. */
  readonly targetGroup: string;
  readonly alternate: string | undefined;
  readonly container: string | undefined;
  readonly port: number | undefined;
}

/** What the document of a service or of a service revision says in `loadBalancers`, as ECS describes both. */
export function registrationsOf(document: { readonly loadBalancers?: unknown }): readonly Registration[] {
  return listOf(document.loadBalancers).flatMap((entry) => {
    const targetGroup = textOf(member(entry, 'targetGroupArn'));
    if (targetGroup === undefined) return []; // a Classic Load Balancer has a name and no group
    const port = member(entry, 'containerPort');
    return [
      {
        targetGroup,
        alternate: textOf(member(member(entry, 'advancedConfiguration'), 'alternateTargetGroupArn')),
        container: textOf(member(entry, 'containerName')),
        port: typeof port === 'number' ? port : undefined,
      },
    ];
  });
}

/** The registration that a group belongs to: with blue/green the live one of a pair alternates. */
export function registrationOf(
  registrations: readonly Registration[],
  targetGroup: string,
): Registration | undefined {
  return registrations.find((each) => each.targetGroup === targetGroup || each.alternate === targetGroup);
}

/** `arn:…:targetgroup/NAME/ID` */
export function targetGroupName(arn: string): string {
  return /:targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
