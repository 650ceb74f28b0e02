import { ACCOUNT, ENVIRONMENT, partitionOf, REGION, SERVICE, TENANT } from '@tenant-delivery/domain';
import { PUBLISHER } from '@tenant-delivery/tenancy/contract';

/** What a new contract needs to know: a flag, and a question for who is at a terminal. */
export interface Question {
  readonly flag: string;
  readonly asks: string;
  readonly pattern: RegExp;
  /** What an answer must be. */
  readonly form: string;
  /** What is taken when nothing is said, from the answers before. */
  readonly usual?: (answers: Answers) => string | undefined;
}

export type Answers = Readonly<Record<string, string>>;

const NUMBER = /^[1-9]\d*$/;
const NUMBERS = /^[1-9]\d*(,[1-9]\d*)*$/;
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const repository = { pattern: REPOSITORY, form: 'owner/name' };
const number = { pattern: NUMBER, form: 'a number, as `gh api repos/OWNER/NAME` says' };

export const QUESTIONS: readonly Question[] = [
  {
    flag: 'tenant',
    asks: 'The tenant, as it is called in names at AWS',
    pattern: TENANT,
    form: 'lower-case letters, digits and dashes, 2 to 21 of them',
  },
  { flag: 'account', asks: 'Its AWS account', pattern: ACCOUNT, form: '12 digits' },
  { flag: 'region', asks: 'The region', pattern: REGION, form: 'a region such as eu-west-1' },
  {
    flag: 'zones',
    asks: 'Two availability zones by their ids, which mean the same in every account',
    pattern: /^[a-z]+\d-az\d,[a-z]+\d-az\d$/,
    form: 'two ids such as euw1-az1,euw1-az2',
    usual: ({ region = '' }) => zonesOf(region),
  },
  {
    flag: 'environment',
    asks: 'The environment',
    pattern: ENVIRONMENT,
    form: 'a name such as prod',
    usual: () => 'prod',
  },
  {
    flag: 'cidr',
    asks: 'The range of its VPC, which none of its links may overlap',
    pattern: /^\d{1,3}\.\d{1,3}\.0\.0\/16$/,
    form: 'a /16 such as 10.40.0.0/16',
  },
  { flag: 'service', asks: 'Its first service', pattern: SERVICE, form: 'a name such as orders' },
  { flag: 'repository', asks: 'The repository that delivers it', ...repository },
  { flag: 'repository-id', asks: 'The number of that repository', ...number },
  { flag: 'owner-id', asks: 'The number of its owner', ...number },
  {
    flag: 'approvers',
    asks: 'Who approves for the customer: numbers of GitHub users',
    pattern: NUMBERS,
    form: 'numbers with commas between them, as `gh api users/NAME` says',
  },
  { flag: 'operations', asks: 'Your operations repository', ...repository },
  { flag: 'operations-id', asks: 'The number of that repository', ...number },
  { flag: 'operations-owner-id', asks: 'The number of its owner', ...number },
  {
    flag: 'release',
    asks: 'The release in use',
    pattern: /^v\d{1,3}\.\d{1,3}\.\d{1,3}$/,
    form: 'a tag such as v1.12.0',
  },
  {
    flag: 'publisher',
    asks: 'The role that publishes contracts into the vault, by its ARN',
    pattern: PUBLISHER,
    form: 'an ARN such as arn:aws:iam::000011112222:role/contracts',
    usual: ({ account, region }) =>
      account === undefined || region === undefined
        ? undefined
        : `arn:${partitionOf(region)}:iam::${account}:role/contracts`,
  },
  {
    flag: 'expires',
    asks: 'The day on which the contract ends',
    pattern: /^\d{4}-\d{2}-\d{2}$/,
    form: 'a day such as 2027-11-30',
  },
];

const DIRECTIONS: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** The ids that AWS gives to the first two zones of most regions: `eu-west-1` has `euw1-az1`. */
function zonesOf(region: string): string | undefined {
  const [, area, direction = '', number] = /^([a-z]{2})-([a-z]+)-(\d)$/.exec(region) ?? [];
  const short = DIRECTIONS[direction];
  return short === undefined ? undefined : [1, 2].map((n) => `${area}${short}${number}-az${n}`).join(',');
}

/** Every answer that is missing or wrong. */
export function mistakesIn(answers: Answers): readonly string[] {
  return QUESTIONS.flatMap(({ flag, form, asks, pattern }) => {
    const answer = answers[flag];
    if (answer === undefined) return [`--${flag} is missing: ${lower(asks)} (${form})`];
    return pattern.test(answer) ? [] : [`--${flag} is ${JSON.stringify(answer)}; it must be ${form}`];
  });
}

function lower(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
