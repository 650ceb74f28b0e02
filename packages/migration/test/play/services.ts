import { parse } from 'yaml';

/** What a command or an action tells ECS about a service, in words that they share. */
interface Told {
  readonly service: string | undefined;
  readonly cluster: string | undefined;
  readonly region?: string | undefined;
  readonly force: boolean;
  readonly count?: string | undefined;
}

/** `aws … ecs update-service …`; nothing for another command. */
export function toldByCommand(words: readonly string[]): string | undefined {
  if (!words.includes('update-service')) return undefined;
  const of = (name: string) => {
    const joined = words.find((word) => word.startsWith(`${name}=`));
    return (
      joined?.slice(name.length + 1) ?? (words.includes(name) ? words[words.indexOf(name) + 1] : undefined)
    );
  };
  return lineOf({
    service: of('--service'),
    cluster: of('--cluster'),
    region: of('--region'),
    force: words.includes('--force-new-deployment'),
    count: of('--desired-count'),
  });
}

/** The action that deploys, the official one or ours; nothing for another. */
export function toldByAction(uses: string, inputs: Readonly<Record<string, string>>): string | undefined {
  const ours = /deploy-ecs-service/.test(uses);
  if (!ours && !/amazon-ecs-deploy-task-definition/.test(uses)) return undefined;
  const { service, cluster, region } = inputs;
  if (service === undefined || service === '') return undefined;
  if (ours) {
    const update = parse(inputs['service-update'] ?? '') as Record<string, unknown> | null;
    const { forceNewDeployment: force, desiredCount: count } = update ?? {};
    return lineOf({ service, cluster, region, force: force === true, count: count as string | undefined });
  }
  return lineOf({
    service,
    cluster,
    force: inputs['force-new-deployment'] === 'true',
    count: inputs['desired-count'],
  });
}

function lineOf({ service, cluster, region, force, count }: Told): string {
  const name = (text: string | undefined) => text?.slice(text.lastIndexOf('/') + 1);
  const more = [
    ...(force ? ['anew'] : []),
    ...(count ? [`${count} times`] : []),
    ...(region ? [`in ${region}`] : []),
  ];
  return [`${name(cluster) ?? 'default'}/${name(service)}`, ...more].join(' ');
}
