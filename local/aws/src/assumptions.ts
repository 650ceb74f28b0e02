/** What this server takes for true of AWS where no page says so. */
export const LOCAL_AWS_ASSUMPTIONS = [
  {
    id: 'cloudformation-executed-by-id',
    of: 'AWS',
    says: 'A change set that was executed is found by its id and no more by its name.',
    page: 'AWS CloudFormation API Reference, "DescribeChangeSet": takes either, without saying when a name ends.',
    ifWrong: { fails: 'harmless', effect: 'We ask by id for what we executed.' },
    seenBy: {
      notByCanary: 'It changes no stack.',
      person: '`aws cloudformation describe-change-set` by the name of a change set that was applied.',
    },
  },
  {
    id: 'cloudformation-rollback-keeps-retained',
    of: 'AWS',
    says: 'A creation that is rolled back leaves what its template retains, unless `RetainExceptOnCreate` is given.',
    page: 'AWS CloudFormation User Guide, "DeletionPolicy attribute": names stack deletion and updates. "RetainExceptOnCreate" implies it.',
    ifWrong: { fails: 'harmless', effect: 'Our stacks give `RetainExceptOnCreate`.' },
    seenBy: {
      notByCanary: 'What shows it stays behind in the account.',
      person:
        'Create a stack by hand that retains a log group and then fails: whether the log group is there.',
    },
  },
  {
    id: 'cloudformation-rolled-back-creation-is-deleted',
    of: 'AWS',
    says: 'RollbackStack of a first creation that failed deletes the stack, also what its template retains, and refuses one with termination protection.',
    page: 'AWS CloudFormation API Reference, "RollbackStack": deletes a stack without a last stable state. It names no status and no termination protection.',
    ifWrong: {
      fails: 'harmless',
      effect: 'An empty stack in ROLLBACK_COMPLETE is deleted, and the protection is lifted first.',
    },
    seenBy: {
      notByCanary: 'It would have to break a stack.',
      person: 'Provision a network whose certificate does not exist: what is left of it in CloudFormation.',
    },
  },
  {
    id: 'ecs-check-command-is-free',
    of: 'AWS',
    says: "The command of a container's health check may begin with neither `CMD` nor `CMD-SHELL`.",
    page: 'Amazon ECS API Reference, "HealthCheck": it must begin with one of them. Task definitions of AWS\'s own collector begin with its program, and run.',
    ifWrong: {
      fails: 'closed',
      effect:
        'A plan passes that RegisterTaskDefinition refuses: AWS_REFUSED with its words, nothing changed.',
    },
    seenBy: {
      canary:
        'A task definition whose health check has the command `["/healthcheck"]`, which nothing runs: whether ECS registers it.',
    },
  },
  {
    id: 'ecs-hard-limits-may-add-up',
    of: 'AWS',
    says: 'Hard limits of memory of all containers may add up to more than the task has; reservations may not.',
    page: 'Amazon ECS API Reference, "ContainerDefinition": speaks of memory that is reserved. The Developer Guide\'s example with a proxy has limits that add up to more.',
    ifWrong: {
      fails: 'closed',
      effect:
        'A plan passes that RegisterTaskDefinition refuses: AWS_REFUSED with its words, nothing changed.',
    },
    seenBy: {
      canary:
        'A task definition for Fargate with 512 MiB and two containers of 400 MiB each, which nothing runs: whether ECS registers it.',
    },
  },
  {
    id: 'ecs-grace-needs-a-check',
    of: 'AWS',
    says: 'A grace period is refused for a service without a load balancer whose containers have no health check.',
    page: 'Amazon ECS API Reference, "CreateService": it is unused then. Reports of 2023 and 2024 have the refusal without a load balancer.',
    ifWrong: { fails: 'closed', effect: 'The local ECS refuses what ECS takes.' },
    seenBy: {
      notByCanary: 'It would make a service, and one that is cut off leaves it behind.',
      person: '`aws ecs create-service` with a grace period, without a load balancer and a health check.',
    },
  },
  {
    id: 'ecs-refuses-what-windows-lacks',
    of: 'AWS',
    says: 'RegisterTaskDefinition refuses a task definition of Windows that has what "is not supported for Windows containers".',
    page: 'Amazon ECS API Reference, "ContainerDefinition": says that it is not supported, and not what becomes of it.',
    ifWrong: {
      fails: 'closed',
      effect: 'A plan refuses what ECS would take and pass over: take the member out.',
    },
    seenBy: {
      canary:
        'A task definition for Windows with `readonlyRootFilesystem: true`, which nothing runs: whether ECS refuses it.',
    },
  },
  {
    id: 'secretsmanager-denies-by-name',
    of: 'AWS',
    says: 'A secret that does not exist is denied or not found by the ARN that its name would have.',
    page: 'AWS Secrets Manager User Guide, "Authentication and access control": speaks of secrets that exist.',
    ifWrong: {
      fails: 'closed',
      effect: 'A missing secret is told as one that the role may not read, or the other way round.',
    },
    seenBy: {
      notByCanary: "It does not change the task definition, which is the customer's.",
      person:
        'Deploy a task definition that names a secret which does not exist: the code and sentence of the plan.',
    },
  },
  {
    id: 'aws-error-names',
    of: 'AWS',
    says: "Each error has the name that the SDK's model gives it, with the HTTP status of that model.",
    page: 'The API references list names and statuses; replies were not compared.',
    ifWrong: {
      fails: 'closed',
      effect: 'A refusal that we expect is told as AWS_REFUSED with its name, and nothing goes on.',
    },
    seenBy: { canary: 'Each refusal of the canary: its name beside the one here.' },
  },
] as const;
