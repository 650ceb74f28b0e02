import type { Assumption } from '@tenant-delivery/domain';

const TRUST = 'templates/iam/trust';
const PERMISSIONS = 'templates/iam/permissions';

/** What the rendered roles and stacks take for true of IAM, STS and CloudFormation. */
export const PROVISIONING_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'iam-three-operators-on-one-claim',
    of: 'AWS',
    says: 'A trust may test one claim of GitHub with `StringLike`, `StringLikeIfExists` and `StringNotLike` at once, and all of them must hold.',
    page: 'IAM User Guide, "Conditions with multiple context keys or values": allows it in general. Whether the check of trusts for GitHub\'s provider does is not said.',
    ifWrong: {
      fails: 'closed',
      effect: 'The role cannot be made, or no job may assume it: ROLE_NOT_ASSUMED.',
    },
    seenBy: { canary: 'The administrator applies the stacks, and a delivery assumes each role.' },
    alsoIn: [`${TRUST}/build.json`, `${TRUST}/deploy.json`],
  },
  {
    id: 'sts-offers-the-claims',
    of: 'AWS',
    says: 'STS offers to a trust the claims of GitHub that our trusts name.',
    page: 'IAM User Guide, "Available keys for AWS OIDC federation": lists them; lists elsewhere differ on some.',
    ifWrong: {
      fails: 'closed',
      effect: 'No job may assume a role whose trust names the missing claim: ROLE_NOT_ASSUMED.',
    },
    seenBy: { canary: 'Each role of a delivery, a rotation and a grant is assumed.' },
    alsoIn: [`${TRUST}/build.json`, `${TRUST}/deploy.json`],
  },
  {
    id: 'iam-boundary-in-put-role-policy',
    of: 'AWS',
    says: 'In PutRolePolicy the key `iam:PermissionsBoundary` is the boundary that the role has.',
    page: 'Service Authorization Reference, "IAM": lists the key for that action, without saying what it holds.',
    ifWrong: {
      fails: 'closed',
      effect: 'CloudFormation may not write policies of the roles of tasks, and the change fails.',
    },
    seenBy: {
      notByCanary: 'It provisions nothing: it has to leave the account as it was, and stacks do not go back.',
      person: 'Onboard a tenant: whether `provision.yml` of the part services is denied `iam:PutRolePolicy`.',
    },
    alsoIn: [`${PERMISSIONS}/cloudformation.json`],
  },
  {
    id: 'cloudformation-names-the-change-set',
    of: 'AWS',
    says: 'The key `cloudformation:ChangeSetName` is the name of the change set, or its ARN.',
    page: 'Service Authorization Reference, "AWS CloudFormation": names the key alone.',
    ifWrong: {
      fails: 'closed',
      effect: 'A change set may not be made or executed: the plan or the apply is denied.',
    },
    seenBy: {
      notByCanary: 'It provisions nothing: it has to leave the account as it was, and stacks do not go back.',
      person: 'Onboard a tenant: whether the plan or the apply of `provision.yml` is denied a change set.',
    },
    alsoIn: [`${PERMISSIONS}/provision.json`, `${PERMISSIONS}/provision-plan.json`],
  },
  {
    id: 'cloudformation-drift-reads',
    of: 'AWS',
    says: "Drift detection reads each resource with the caller's rights, by the calls that the resource's own schema names.",
    page: 'AWS CloudFormation User Guide, "Detect drift on an entire CloudFormation stack": asks for read permission of each resource, without naming the actions.',
    ifWrong: { fails: 'closed', effect: 'The drift of some resources is unknown, and said to be.' },
    seenBy: {
      notByCanary: 'Its tenant may have been made by hand, without a stack.',
      person:
        'Start `drift.yml` on an environment that was just provisioned: whether its page calls a resource not checked.',
    },
  },
  {
    id: 'cloudcontrol-reads-what-is-adopted',
    of: 'AWS',
    says: "GetResource answers every property that a template takes over of what is adopted, a subnet's zone id and tags among them, with the caller's rights.",
    page: 'Cloud Control API User Guide, "Reading a resource\'s current state": says that properties which cannot be read are left out, and not which.',
    ifWrong: {
      fails: 'closed',
      effect: 'The plan of an import is refused, or is denied a right: PLAN_REFUSED, AWS_DENIED.',
    },
    seenBy: {
      notByCanary: 'It adopts nothing: what it would adopt is what its own service runs in.',
      person:
        'Plan an environment with `adopt: true`: whether a right is denied, or a property of what is there is missing.',
    },
    alsoIn: [`${PERMISSIONS}/provision-plan.json`],
  },
  {
    id: 'cloudformation-failed-first-import',
    of: 'AWS',
    says: 'A stack whose first import was rolled back takes another import.',
    page: 'AWS CloudFormation User Guide, "Import status codes": has IMPORT_ROLLBACK_COMPLETE, and does not say what a stack takes that never had anything.',
    ifWrong: {
      fails: 'closed',
      effect: 'The next plan is refused until somebody deletes the stack, which has nothing in it.',
    },
    seenBy: {
      notByCanary: 'It would have to delete what its own service runs in.',
      person: 'Plan an import, delete what it imports, apply, and plan again.',
    },
  },
  {
    id: 'backup-token-lasts',
    of: 'AWS',
    says: 'StartBackupJob with the token of a job that was asked for answers that job and starts no other, as long as the run can be taken up again, also when the job failed.',
    page: 'AWS Backup API Reference, "StartBackupJob": says so of "a successful request", and not for how long.',
    ifWrong: {
      fails: 'harmless',
      effect:
        'A re-run makes another backup and waits for that one. Nothing is taken away before one is complete.',
    },
    seenBy: {
      notByCanary: 'It withdraws nothing.',
      person:
        'Withdraw a foundation, cancel the job `apply` while its backup runs, and re-run it: `aws backup list-backup-jobs --by-backup-vault-name` the vault of the environment must have one job of that day.',
    },
  },
  {
    id: 'ec2-unsent-tunnel-options',
    of: 'AWS',
    says: 'Condition keys of tunnel options that a request does not send are absent.',
    page: 'Service Authorization Reference, "Amazon EC2": lists the keys for ModifyVpnTunnelOptions without saying when they are set.',
    ifWrong: { fails: 'closed', effect: 'A rotation of a pre-shared key is denied.' },
    seenBy: { canary: "A rotation of a tunnel's key, where `--credential` names one." },
    alsoIn: [`${PERMISSIONS}/rotate-vpn.json`],
  },
  {
    id: 'sts-source-identity-in-a-chain',
    of: 'AWS',
    says: 'A role that a job assumes from its first role keeps the source identity that it set.',
    page: 'IAM User Guide, "Monitor and control actions taken with assumed roles": says so of chained roles, and not of a first role by web identity.',
    ifWrong: {
      fails: 'closed',
      effect:
        'The role for incidents is worth nothing: its guard denies everything to a session without a source identity.',
    },
    seenBy: {
      notByCanary: 'It has the tokens of people at GitHub, and not their sessions at AWS.',
      person:
        'Take the role for incidents during a grant, and ask for something. `break-glass.yml` with list-grants must name the person and the request a quarter of an hour later.',
    },
    alsoIn: [`${TRUST}/break-glass.json`],
  },
];
