/** What ECS and the balancer name by an ARN in their sentences, and by what else a reader knows it. */
const NAMED =
  /arn:[a-z-]{1,20}:(?:ecs|elasticloadbalancing):[a-z0-9-]{0,30}:\d{0,12}:(targetgroup|task-definition|task)\/([\w:/-]{1,300})/g;

/** A sentence of AWS with names in the place of ARNs of target groups, task definitions and tasks: account and region are known. */
export function withNames(sentence: string): string {
  return sentence.replace(NAMED, (_, kind: string, path: string) =>
    kind === 'targetgroup' ? (path.split('/')[0] ?? path) : lastOf(path),
  );
}

/** `family:revision`, the id of a task: the last part of an ARN. Anything else is returned unchanged. */
export function lastOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

/** The family that a task definition's ARN names. */
export function familyOf(taskDefinition: string): string {
  return lastOf(taskDefinition).replace(/:\d+$/, '');
}

/** An event of ECS without the service's name, which every event begins with. */
export function eventWords(message: string): string {
  return withNames(message.replace(/[\r\n]+/g, ' ')).replace(/^\(service [^)]{1,255}\) /, '');
}

/** `2026-11-24 09:00:00 UTC`, of a time that a computer wrote. */
export function utcOf(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
