type Settings = Readonly<Record<string, unknown>>;

/** "CreateLoadBalancer" and "CreateTargetGroup", Elastic Load Balancing API reference: what a name looks like. */
export function* nameMistakes(of: 'load balancer' | 'target group', name: string): Iterable<string> {
  if (name.length > 32) yield `The ${of} name '${name}' cannot be longer than '32' characters`;
  if (!/^[A-Za-z0-9-]+$/.test(name))
    yield `The ${of} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`;
  if (/^-|-$/.test(name)) yield `The ${of} name '${name}' cannot begin or end with '-'`;
  if (of === 'load balancer' && name.startsWith('internal-'))
    yield `The load balancer name '${name}' cannot begin with 'internal-'`;
}

/** The bounds of numbers that "CreateTargetGroup" and "TargetGroupAttribute" tell of Application Load Balancers. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  Port: [1, 65_535],
  HealthCheckIntervalSeconds: [5, 300],
  HealthCheckTimeoutSeconds: [2, 120],
  HealthyThresholdCount: [2, 10],
  UnhealthyThresholdCount: [2, 10],
};

/** What is wrong with a target group and its health check. */
export function* groupMistakes(properties: Settings): Iterable<string> {
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = Number(properties[name] ?? least);
    if (!(value >= least && value <= most))
      yield `${name} '${value}' must be between '${least}' and '${most}'`;
  }
  const { HealthCheckIntervalSeconds: interval = 30, HealthCheckTimeoutSeconds: timeout = 5 } = properties;
  if (Number(timeout) >= Number(interval))
    yield `Health check timeout '${String(timeout)}' must be smaller than the interval '${String(interval)}'`;
  const path = String(properties['HealthCheckPath'] ?? '/');
  if (!path.startsWith('/') || path.length > 1_024)
    yield `Health check path '${path}' must begin with '/' and have 1024 characters at most`;
  const codes = String(Object(properties['Matcher'])['HttpCode'] ?? '200');
  if (!codes.split(',').every(isCodes))
    yield `Health check matcher HTTP code '${codes}' must be within '200-499'`;
  yield* attributeMistakes(properties['TargetGroupAttributes']);
}

function isCodes(text: string): boolean {
  const [from = 0, to = from] = text.split('-').map(Number);
  return /^\d{3}(-\d{3})?$/.test(text) && from >= 200 && to <= 499 && from <= to;
}

function* attributeMistakes(given: unknown): Iterable<string> {
  for (const { Key, Value } of Array.isArray(given) ? given : []) {
    const seconds = Number(Value);
    if (Key === 'deregistration_delay.timeout_seconds' && !(seconds >= 0 && seconds <= 3_600))
      yield `'${Key}' must be between '0' and '3600' inclusive`;
    if (Key === 'slow_start.duration_seconds' && seconds !== 0 && !(seconds >= 30 && seconds <= 900))
      yield `'${Key}' must be '0', or between '30' and '900' inclusive`;
  }
}

/** "CreateRule": priorities, and five values of conditions at most. */
export function* ruleMistakes(properties: Settings): Iterable<string> {
  const priority = Number(properties['Priority']);
  if (!(Number.isInteger(priority) && priority >= 1 && priority <= 50_000))
    yield `Priority '${String(properties['Priority'])}' must be between '1' and '50000'`;
  const conditions = Array.isArray(properties['Conditions']) ? properties['Conditions'] : [];
  if (conditions.length === 0) yield 'A rule must have at least one condition';
  const values = conditions.flatMap((condition) => [
    ...(condition.Values ?? []),
    ...(condition.PathPatternConfig?.Values ?? []),
    ...(condition.HostHeaderConfig?.Values ?? []),
  ]);
  if (values.length > 5) yield 'A rule can only have 5 condition values';
  const long = values.find((value) => String(value).length > 128);
  if (long !== undefined) yield `Condition value '${String(long)}' contains more than 128 characters`;
}
