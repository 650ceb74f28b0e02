import { callPace, type Pace, type PaceLimits } from '@tenant-delivery/action-kit/call-pace';
import type { RotationApp } from '@tenant-delivery/credentials/kinds';
import type { ReportWorld } from '@tenant-delivery/credentials/report/world';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { Masker, Secret } from '@tenant-delivery/rotation/secret';
import { cacheRules } from '../ecr/cache-rules.ts';
import { userKeys } from '../iam/user-keys.ts';
import { secretDates } from '../secrets/secret-dates.ts';
import { hearingDates } from '../session/hearing-dates.ts';
import { pacingRequests } from '../session/pacing-requests.ts';
import { serverTime } from '../session/server-time.ts';
import type { Session } from '../session/session.ts';
import { appKey } from './app-key.ts';

/**
 * How much a report asks at once. AWS allows two LookupEvents a second ("LookupEvents", AWS CloudTrail API Reference),
 * 50 ListSecretVersionIds and 100 ListSecrets a second ("AWS Secrets Manager quotas"), GitHub 900 points a minute
 * ("Rate limits for the REST API"). IAM publishes no figure, so 80 a second is our own. We stay a little below each.
 */
const REPORT_PACE: PaceLimits = {
  inFlight: 60,
  rates: {
    'cloudtrail:LookupEvents': { perSecond: 1.9, burst: 1 },
    'secretsmanager:ListSecretVersionIds': { perSecond: 36, burst: 2 },
    'secretsmanager:ListSecrets': { perSecond: 90, burst: 5 },
    iam: { perSecond: 75, burst: 5 },
    github: { perSecond: 10, burst: 60 },
  },
};

interface ReportReads extends Pick<ReportWorld, 'keys' | 'secrets' | 'rules'> {
  readonly time: ServerTime;
  /** A session whose requests each wait for their turn. */
  readonly paced: Session;
  /** For GitHub's requests, which go at the same pace. */
  readonly pace: Pace;
}

/** Everything that a report reads in AWS, under the environment's report role. */
export function reportReads(session: Session): ReportReads {
  const pace = callPace(session.clock, REPORT_PACE);
  const config = session.clientConfig('report');
  const time = serverTime(session.clock, !config.ignoreConfiguredEndpointUrls);
  const plugins = [
    ...(config.plugins ?? []),
    hearingDates(time.hear),
    pacingRequests(pace, (service, operation) =>
      service === 'IAM' ? 'iam' : `${service.toLowerCase()}:${operation}`,
    ),
  ];
  const paced: Session = {
    ...session,
    clientConfig: (role, attempts) => ({ ...session.clientConfig(role, attempts), plugins }),
  };
  const ours = paced.clientConfig('report');
  return {
    time,
    paced,
    pace,
    keys: userKeys(ours),
    secrets: secretDates(ours),
    rules: cacheRules(ours),
  };
}

/** The private key of the App that GitHub is asked by: the one value that a report reads. */
export function appKeyIn(
  session: Pick<Session, 'clientConfig'>,
  app: RotationApp,
  masker: Masker,
): Promise<Secret> {
  return appKey(session.clientConfig('report'), app, masker);
}
