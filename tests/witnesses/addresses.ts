// Addresses, sorted, from what the aws command line prints of target groups and tasks.

interface Target {
  readonly Target: { readonly Id: string };
  readonly TargetHealth: { readonly State: string };
}

export function healthyAddresses(targets: readonly Target[]): readonly string[] {
  const healthy = targets.filter(({ TargetHealth }) => TargetHealth.State === 'healthy');
  return healthy.map(({ Target }) => Target.Id).sort();
}

interface Task {
  readonly containers: readonly {
    readonly networkInterfaces: readonly { readonly privateIpv4Address: string }[];
  }[];
}

export function taskAddresses(tasks: readonly Task[]): readonly (string | undefined)[] {
  return tasks.map(({ containers }) => containers[0]?.networkInterfaces[0]?.privateIpv4Address).sort();
}
