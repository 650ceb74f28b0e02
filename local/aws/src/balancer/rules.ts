import type { Listener, RuleAction, RuleCondition } from './state.ts';

/** The action of the first rule, by priority, whose conditions all hold; the default rule has none. */
export function actionFor(
  listener: Listener,
  request: { readonly host: string; readonly path: string },
): { readonly rule: string; readonly action: RuleAction } {
  const rule = listener.rules.find(({ conditions }) =>
    conditions.every((condition) => holds(condition, request)),
  );
  return {
    rule: rule?.arn ?? '',
    action: rule?.action ?? { kind: 'fixed-response', status: 404, body: '' },
  };
}

function holds({ field, values }: RuleCondition, { host, path }: { host: string; path: string }): boolean {
  const text = field === 'path-pattern' ? path : host.toLowerCase();
  return values.some((value) => pattern(field === 'path-pattern' ? value : value.toLowerCase()).test(text));
}

function pattern(value: string): RegExp {
  const escaped = value.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** An ALB without a healthy target sends to all of them: an answer through it proves no health. */
export function eligible<T extends { readonly health: { readonly standing: { readonly state: string } } }>(
  targets: readonly T[],
): readonly T[] {
  const healthy = targets.filter(({ health }) => health.standing.state === 'healthy');
  return healthy.length > 0 ? healthy : targets.filter(({ health }) => health.standing.state !== 'draining');
}
