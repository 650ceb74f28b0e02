/** A balancer as its clients see it: the name that they ask, and what becomes of a request. */
export interface BalancerFront {
  readonly name: string;
  readonly scheme: string;
  readonly dnsName: string;
  readonly listeners: readonly BalancerListener[];
}

export interface BalancerListener {
  readonly port: number;
  /** `HTTP`, `HTTPS`, `TCP`, … */
  readonly protocol: string;
  /** By priority, the default rule last. */
  readonly rules: readonly BalancerRule[];
}

export interface BalancerRule {
  /** A number as text, or `default`. */
  readonly priority: string;
  readonly conditions: readonly RuleCondition[];
  /** The groups that it forwards to; none for a rule that answers or redirects. */
  readonly forwards: readonly { readonly group: string; readonly weight: number }[];
}

export interface RuleCondition {
  /** `host-header`, `path-pattern`, and others that a plain request cannot be sure to meet. */
  readonly field: string;
  /** `*` matches any text, `?` one character. Empty if the condition is written in another way. */
  readonly values: readonly string[];
}

/** Where a request goes so that the balancer hands it to one target group. */
export interface ProbeRoute {
  /** The balancer's own name. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The `Host` that the request carries: one that the rule takes. */
  readonly name: string;
  readonly path: string;
}

export type FoundRoute =
  | { readonly kind: 'route'; readonly route: ProbeRoute }
  /** The balancer would hand this path to somebody else: another path is needed. */
  | { readonly kind: 'elsewhere'; readonly why: string }
  | { readonly kind: 'cannot'; readonly why: string };

/**
 * The way through the balancer's listener to a target group: which rule takes the request, and so what its host and
 * path must be. An answer of another rule would say nothing of the service, so where that cannot be ruled out there is
 * no way.
 */
export function probeRoute(
  { name, dnsName, listeners }: BalancerFront,
  group: string,
  path: string,
): FoundRoute {
  const http = listeners.filter(({ protocol }) => protocol === 'HTTP' || protocol === 'HTTPS');
  const ways = http.flatMap((listener) =>
    listener.rules
      .filter(({ forwards }) => forwards.some((each) => each.group === group))
      .map((rule) => wayBy(rule, { listener, dnsName, group, path })),
  );
  const [first] = ways;
  const found = ways.find(({ kind }) => kind === 'route') ?? ways.find(({ kind }) => kind === 'elsewhere');
  if (found ?? first) return found ?? first ?? none(name);
  return none(name);
}

function none(name: string): FoundRoute {
  return { kind: 'cannot', why: `no HTTP or HTTPS listener of ${name} sends to the target group` };
}

interface ProbeRequest {
  readonly listener: BalancerListener;
  readonly dnsName: string;
  readonly group: string;
  readonly path: string;
}

function wayBy(rule: BalancerRule, { listener, dnsName, group, path }: ProbeRequest): FoundRoute {
  const named = `rule ${rule.priority} of port ${listener.port}`;
  const cannot = (why: string): FoundRoute => ({ kind: 'cannot', why: `${named} ${why}` });
  const others = rule.forwards.filter((each) => each.group !== group && each.weight > 0);
  if (others.length > 0) return cannot('shares its requests with another target group');
  if (rule.forwards.every((each) => each.weight === 0))
    return cannot('sends no requests to the target group');
  const host = hostFor(rule, dnsName);
  const request = { host, path };
  const fits = meets(rule, request);
  if (fits === 'unknown') return cannot(`asks for ${fieldsOf(rule)}, which a probe does not send`);
  if (fits === 'no')
    return { kind: 'elsewhere', why: `${named} takes ${pathsOf(rule)}, and the probe asks for ${path}` };
  const before = listener.rules.slice(0, listener.rules.indexOf(rule));
  const taken = before.find((each) => meets(each, request) !== 'no');
  if (taken && meets(taken, request) === 'unknown')
    return cannot(`comes after rule ${taken.priority}, which may take the request`);
  if (taken) return { kind: 'elsewhere', why: `rule ${taken.priority} takes ${path} before ${named}` };
  const tls = listener.protocol === 'HTTPS';
  return { kind: 'route', route: { host: dnsName, port: listener.port, tls, name: host, path } };
}

/** A host that the rule takes: one that it names, else one that its pattern fits, else the balancer's own name. */
function hostFor({ conditions }: BalancerRule, dnsName: string): string {
  const values = conditions.flatMap(({ field, values }) => (field === 'host-header' ? values : []));
  const plain = values.find((value) => !/[*?]/.test(value));
  return plain ?? values[0]?.replaceAll('*', 'probe').replaceAll('?', 'p') ?? dnsName;
}

function meets(
  { conditions }: BalancerRule,
  request: { readonly host: string; readonly path: string },
): 'yes' | 'no' | 'unknown' {
  const met = conditions.map(({ field, values }) => {
    if (values.length === 0) return 'unknown';
    if (field === 'path-pattern') return fits(values, request.path);
    if (field === 'host-header')
      return fits(
        values.map((value) => value.toLowerCase()),
        request.host.toLowerCase(),
      );
    return 'unknown';
  });
  if (met.includes('no')) return 'no';
  return met.includes('unknown') ? 'unknown' : 'yes';
}

function fits(values: readonly string[], text: string): 'yes' | 'no' {
  return values.some((value) => matches(value, text)) ? 'yes' : 'no';
}

/** Without a regular expression: a pattern with many stars would make one slow. */
function matches(pattern: string, text: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at;
      mark = from;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      from = mark;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

function pathsOf({ conditions }: BalancerRule): string {
  const paths = conditions.flatMap(({ field, values }) => (field === 'path-pattern' ? values : []));
  return paths.join(', ') || 'other hosts';
}

function fieldsOf({ conditions }: BalancerRule): string {
  const known = ['host-header', 'path-pattern'];
  return conditions
    .filter(({ field, values }) => !known.includes(field) || values.length === 0)
    .map(({ field }) => field)
    .join(', ');
}
