import { factsOf, type Judge, type Judgement, NOT_SEEN, type Seen, says } from './seen.ts';

/** The farthest that AWS's clock may be from a runner's, in the middle of all answers. */
const FARTHEST = 10_000; // milliseconds

export const JUDGES_OF_AWS: Readonly<Record<string, Judge>> = {
  'findings-settle-in-ten-seconds': findingsSettle,
  'ecr-lists-suppressed-rows': suppressedRows,
  's3-one-writer-in-a-locked-bucket': ({ answers, refusedHere }) => {
    const refused = answers['S3:PutObject']?.refusals['PreconditionFailed'] ?? 0;
    if (refused > 0) return ['held', `S3 refused ${refused} times to write a key again`];
    if (refusedHere === 0 || !answers['S3:PutObject']) return NOT_SEEN;
    return [
      'did not',
      `S3 wrote every key, and here ${refusedHere} of the same writes were refused: look for keys with two versions`,
    ];
  },
  'ecs-started-by-revision': says('verify-target-health', 'verified', 'tasks of the deployment were counted'),
  'ecs-omitted-platform-version': (seen) => {
    const updates = factsOf(seen, 'ecs-omitted-platform-version').filter(({ before }) => before === 'LATEST');
    if (updates.length === 0) return NOT_SEEN;
    const moved = updates.find(({ after }) => after !== 'LATEST');
    return moved
      ? ['did not', `an update of a service at LATEST left it at ${moved['after']}`]
      : ['held', `${updates.length} updates left the service at LATEST`];
  },
  'ecr-scan-completed-at': ({ answers }) => {
    const shapes = JSON.stringify(answers['ECR:DescribeImageScanFindings']?.shapes ?? []);
    if (!shapes.includes('imageScanFindings')) return NOT_SEEN;
    return shapes.includes('imageScanCompletedAt')
      ? ['held', 'finished scans have the time']
      : ['did not', 'findings came without the time'];
  },
  'ecr-takes-chunks': (seen) => {
    const taken = factsOf(seen, 'ecr-takes-chunks').map(({ chunks }) => Number(chunks));
    if (taken.length > 0) return ['held', `a layer was taken in ${Math.max(...taken)} chunks`];
    const refused = seen.plays.some(({ said }) => said.some(({ code }) => code === 'REGISTRY_REFUSED'));
    return refused
      ? ['did not', 'the registry refused a build: see its log for whether that was a chunk']
      : ['not seen', 'no layer was larger than one chunk'];
  },
  'ecs-check-command-is-free': answered('ecs-check-command-is-free', 'taken'),
  'ecs-hard-limits-may-add-up': answered('ecs-hard-limits-may-add-up', 'taken'),
  'ecs-refuses-what-windows-lacks': answered('ecs-refuses-what-windows-lacks', 'refused'),
  'aws-date-header': ({ answers }) => {
    const ahead = Object.values(answers).flatMap((each) => each.ahead);
    if (ahead.length === 0) return NOT_SEEN;
    const middle = ahead.toSorted((a, b) => a - b)[Math.floor(ahead.length / 2)] ?? 0;
    const says = `${Math.abs(middle / 1000)} seconds from the runner's clock, in the middle of ${ahead.length} answers`;
    return [Math.abs(middle) <= FARTHEST ? 'held' : 'did not', says];
  },
  'iam-three-operators-on-one-claim': rolesAreAssumed,
  'sts-offers-the-claims': rolesAreAssumed,
  'ec2-unsent-tunnel-options': ({ answers }) => {
    const asked = answers['EC2:ModifyVpnTunnelOptions'];
    if (!asked) return ['not seen', "no tunnel's key was rotated"];
    return asked.shapes.length > 0
      ? ['held', "a tunnel's key was replaced"]
      : ['did not', `refused by ${Object.keys(asked.refusals).join(', ')}`];
  },
  'aws-error-names': ({ answers, deviations }) => {
    const refused = Object.values(answers).some(({ refusals }) => Object.keys(refusals).length > 0);
    const wrong = deviations.filter(({ kind }) => kind === 'refusal');
    if (wrong.length > 0)
      return ['did not', wrong.map(({ operation, says: what }) => `${operation}: ${what}`).join('; ')];
    const apart = deviations.filter(({ kind }) => kind === 'not compared').length;
    const rest = apart === 0 ? '' : `; ${apart} operations were compared with nothing`;
    return refused
      ? ['held', `every refusal that was compared has a name that the local AWS gives too${rest}`]
      : NOT_SEEN;
  },
};

/** The gate looked at one image twice, minutes apart: the second look may not find more. */
function findingsSettle(seen: Seen): readonly [Judgement, string] {
  const looks = factsOf(seen, 'findings-settle-in-ten-seconds').filter(
    ({ scanning }) => scanning === 'enhanced',
  );
  const images = [...Map.groupBy(looks, ({ image }) => image)].filter(([, counts]) => counts.length > 1);
  if (images.length === 0) return ['not seen', 'no image of enhanced scanning was looked at twice'];
  const counts = images.map(([image, all]) => ({
    image,
    first: Number(all[0]?.['findings']),
    most: Math.max(...all.map(({ findings }) => Number(findings))),
  }));
  const grown = counts.find(({ first, most }) => most > first);
  return grown
    ? ['did not', `${grown.image} had ${grown.first} findings at its first verdict, and ${grown.most} later`]
    : [
        'held',
        `${counts.map(({ first }) => first).join(', ')} findings at the first verdict, and no more later`,
      ];
}

/** Nobody but the author of the rule knows that there is one, so nothing shows that this does not hold. */
function suppressedRows(seen: Seen): readonly [Judgement, string] {
  const most = Math.max(
    0,
    ...factsOf(seen, 'ecr-lists-suppressed-rows').map(({ suppressed }) => Number(suppressed)),
  );
  return most > 0
    ? ['held', `${most} suppressed findings were listed`]
    : [
        'not seen',
        "no finding was listed as suppressed: if a rule of the tenant's Inspector hides one, it does not hold",
      ];
}

function answered(assumption: string, wanted: 'taken' | 'refused'): Judge {
  return ({ questions }) => {
    const answer = questions[assumption];
    if (answer === undefined) return ['not seen', 'AWS was not asked'];
    if (answer !== 'taken' && 'failed' in answer)
      return ['not seen', `AWS was asked, and the question failed: ${answer.failed}`];
    const says =
      answer === 'taken'
        ? 'ECS registered such a task definition'
        : `ECS refused such a task definition: ${answer.refused}`;
    return [(answer === 'taken') === (wanted === 'taken') ? 'held' : 'did not', says];
  };
}

function rolesAreAssumed({ answers, plays }: Seen): readonly [Judgement, string] {
  const asked = answers['STS:AssumeRoleWithWebIdentity'];
  const refused = plays.flatMap(({ said }) => said).filter(({ code }) => code === 'ROLE_NOT_ASSUMED');
  if (refused.length > 0)
    return ['did not', `refused to ${[...new Set(refused.map(({ action }) => action))].join(', ')}`];
  return asked && asked.shapes.length > 0 ? ['held', 'every job got the roles that it asked for'] : NOT_SEEN;
}
