import type { AppSpec, Hook } from './appspec.ts';

/** What is known of a service that CodeDeploy deploys; words in capitals stand for what is not. */
export interface ToMove {
  readonly cluster: string;
  readonly service: string;
  readonly application: string;
  readonly group: string;
  /** A deployment configuration that the step names; without one, the deployment group has it. */
  readonly config: string | undefined;
  readonly appspec: AppSpec | undefined;
}

/** CodeDeploy's events, and the stages of ECS at which the same is true. */
const STAGES: Readonly<Record<string, string>> = {
  BeforeInstall: 'PRE_SCALE_UP',
  AfterInstall: 'POST_SCALE_UP',
  AfterAllowTestTraffic: 'POST_TEST_TRAFFIC_SHIFT',
  BeforeAllowTraffic: 'PRODUCTION_TRAFFIC_SHIFT',
  AfterAllowTraffic: 'POST_PRODUCTION_TRAFFIC_SHIFT',
};

const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const POLICY = 'arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers';
const ROLE = 'ecs-load-balancers';
const BREAKER = '"deploymentCircuitBreaker":{"enable":true,"rollback":true}';

/** The commands that move a service, in their order, as AWS documents the move in place. */
export function commandsOf(move: ToMove): readonly string[] {
  const of = `--cluster ${move.cluster} --service ${move.service}`;
  const inGroup = `--application-name ${move.application} --deployment-group-name ${move.group}`;
  return [
    '# 1. Look. If ECS is the controller already, there is nothing to move. No deployment may be in progress.',
    `aws ecs describe-services --cluster ${move.cluster} --services ${move.service} \\`,
    "  --query 'services[0].[deploymentController.type, taskSets[].[status, loadBalancers]]'",
    `aws deploy list-deployments ${inGroup} \\`,
    '  --include-only-statuses Created Queued InProgress Baking Ready',
    `aws deploy get-deployment-group ${inGroup}`,
    '',
    '# 2. Let ECS shift the traffic: a role, and a rule of the listener that knows both target groups.',
    `aws iam create-role --role-name ${ROLE} \\`,
    `  --assume-role-policy-document '${TRUST}'`,
    `aws iam attach-role-policy --role-name ${ROLE} --policy-arn ${POLICY}`,
    'aws elbv2 modify-listener --listener-arn LISTENER --default-actions \\',
    `  '[{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"LIVE_GROUP","Weight":1},{"TargetGroupArn":"OTHER_GROUP","Weight":0}]}}]'`,
    "aws elbv2 describe-rules --listener-arn LISTENER --query 'Rules[?IsDefault].RuleArn'",
    '',
    '# 3. Move. ECS starts the same tasks once more in OTHER_GROUP and sends the traffic there.',
    `aws ecs update-service ${of} --deployment-controller type=ECS \\`,
    `  --deployment-configuration '{"strategy":"BLUE_GREEN","bakeTimeInMinutes":BAKE_MINUTES,${BREAKER}}' \\`,
    ...(move.appspec?.options ?? []).map((option) => `  ${option} \\`),
    `  --load-balancers '[${balancerOf(move)}]'`,
    `aws ecs wait services-stable --cluster ${move.cluster} --services ${move.service}`,
    ...strategyOf(move, of),
    '',
    ...meaningOf(move),
    ...moreOf(move.appspec),
  ];
}

function balancerOf({ appspec }: ToMove): string {
  const { container = 'CONTAINER', port = 'PORT' } = appspec ?? {};
  const pair =
    '"alternateTargetGroupArn":"OTHER_GROUP","productionListenerRule":"LISTENER_RULE","roleArn":"ROLE"';
  return `{"targetGroupArn":"LIVE_GROUP","containerName":"${container}","containerPort":${port},"advancedConfiguration":{${pair}}}`;
}

/** The strategy that shifts traffic as a deployment configuration of CodeDeploy does, if it is one of CodeDeploy's own. */
function strategyOf({ config }: ToMove, of: string): readonly string[] {
  if (config === undefined || config === 'CodeDeployDefault.ECSAllAtOnce') return [];
  const [, canary, percent, minutes] =
    /^CodeDeployDefault\.ECS(?:Linear|(Canary))(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(config) ?? [];
  const rest = `"bakeTimeInMinutes":BAKE_MINUTES,${BREAKER}`;
  const settings =
    canary === undefined
      ? `"strategy":"LINEAR","linearConfiguration":{"stepPercent":${percent ?? 'PERCENT'},"stepBakeTimeInMinutes":${minutes ?? 'MINUTES'}}`
      : `"strategy":"CANARY","canaryConfiguration":{"canaryPercent":${percent},"canaryBakeTimeInMinutes":${minutes}}`;
  return [
    '',
    percent === undefined
      ? `# 4. Shift as ${config} says: \`aws deploy get-deployment-config\` shows it. This is for a linear one.`
      : `# 4. Shift traffic as ${config} did.`,
    `aws ecs update-service ${of} \\`,
    `  --deployment-configuration '{${settings},${rest}}'`,
  ];
}

function meaningOf({ appspec, config }: ToMove): readonly string[] {
  const container = appspec?.container === undefined || appspec.port === undefined;
  return [
    'The words in capitals are in the answers of 1: LIVE_GROUP is the target group of the PRIMARY task set, OTHER_GROUP the',
    'other one of `targetGroupPairInfoList`, LISTENER its `prodTrafficRoute`, BAKE_MINUTES `terminationWaitTimeInMinutes`.',
    `LISTENER_RULE and ROLE are in those of 2.${container ? ' CONTAINER and PORT are what the AppSpec file calls ContainerName and ContainerPort.' : ''}`,
    ...(config === undefined
      ? [
          'If the deployment group shifts traffic in steps (`deploymentConfigName`), give the service the same strategy afterwards.',
        ]
      : []),
  ];
}

function moreOf(appspec: AppSpec | undefined): readonly string[] {
  if (!appspec) return [];
  const { hooks, unknown } = appspec;
  return [
    ...(unknown.length > 0
      ? [
          `The AppSpec file sets \`${unknown.join('`, `')}\` by a script: give the values to the command of 3.`,
        ]
      : []),
    ...(hooks.length > 0
      ? [
          `The AppSpec file has hooks: ${hooks.map(hookLine).join(', ')}. They become \`lifecycleHooks\` of the service, and their`,
          'functions must answer ECS with `hookStatus`.',
        ]
      : []),
  ];
}

function hookLine({ event, lambda }: Hook): string {
  const stage = Object.hasOwn(STAGES, event) ? STAGES[event] : undefined;
  return `${lambda} at ${event}${stage === undefined ? '' : ` (${stage} in ECS)`}`;
}
