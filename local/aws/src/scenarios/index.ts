import { addressUnusable } from './address-unusable.ts';
import { alarmGoesOff } from './alarm-goes-off.ts';
import { anomaly } from './anomaly.ts';
import { balancerInternalError } from './balancer-internal-error.ts';
import { blueGreen } from './blue-green.ts';
import { blueGreenPaused } from './blue-green-paused.ts';
import { canary } from './canary.ts';
import { capacityUnavailable } from './capacity-unavailable.ts';
import { checksDisabled } from './checks-disabled.ts';
import { checksRefused } from './checks-refused.ts';
import { checksTimeout } from './checks-timeout.ts';
import { checksWrongCode } from './checks-wrong-code.ts';
import { commandNotStarted } from './command-not-started.ts';
import { containerCheckFails } from './container-check-fails.ts';
import { crashAfterHealthy } from './crash-after-healthy.ts';
import { crashLate } from './crash-late.ts';
import { crashLoop } from './crash-loop.ts';
import { deploymentStoppedByAPerson } from './deployment-stopped-by-a-person.ts';
import { healthy } from './healthy.ts';
import { healthyLate } from './healthy-late.ts';
import { imageDenied } from './image-denied.ts';
import { imageForAnotherPlatform } from './image-for-another-platform.ts';
import { imageNotFound } from './image-not-found.ts';
import { imageTimeout } from './image-timeout.ts';
import { inBatches } from './in-batches.ts';
import { linear } from './linear.ts';
import { logGroupMissing } from './log-group-missing.ts';
import { oneCrash } from './one-crash.ts';
import { outOfMemory } from './out-of-memory.ts';
import { placementImpossible } from './placement-impossible.ts';
import { scaledOutAtTheEnd } from './scaled-out-at-the-end.ts';
import { scaledOutMeanwhile } from './scaled-out-meanwhile.ts';
import type { Scenario } from './scenario.ts';
import { secretDenied } from './secret-denied.ts';
import { secretNotFound } from './secret-not-found.ts';
import { secretTimeout } from './secret-timeout.ts';
import { shareGrowsSlowly } from './share-grows-slowly.ts';
import { slowStartWithinGrace } from './slow-start-within-grace.ts';
import { spotInterruption } from './spot-interruption.ts';
import { stoppedByAPerson } from './stopped-by-a-person.ts';
import { targetGroupUnused } from './target-group-unused.ts';
import { zoneShiftedAway } from './zone-shifted-away.ts';

export { type PlayedOn, play } from './play.ts';
export type { Around, Given, Scenario } from './scenario.ts';

/** By the name of its file. */
export const scenarios = {
  'address-unusable': addressUnusable,
  'alarm-goes-off': alarmGoesOff,
  anomaly,
  'balancer-internal-error': balancerInternalError,
  'blue-green': blueGreen,
  'blue-green-paused': blueGreenPaused,
  canary,
  'capacity-unavailable': capacityUnavailable,
  'checks-disabled': checksDisabled,
  'checks-refused': checksRefused,
  'checks-timeout': checksTimeout,
  'checks-wrong-code': checksWrongCode,
  'command-not-started': commandNotStarted,
  'container-check-fails': containerCheckFails,
  'crash-after-healthy': crashAfterHealthy,
  'crash-late': crashLate,
  'crash-loop': crashLoop,
  'deployment-stopped-by-a-person': deploymentStoppedByAPerson,
  healthy,
  'healthy-late': healthyLate,
  'image-denied': imageDenied,
  'image-for-another-platform': imageForAnotherPlatform,
  'image-not-found': imageNotFound,
  'image-timeout': imageTimeout,
  'in-batches': inBatches,
  linear,
  'log-group-missing': logGroupMissing,
  'one-crash': oneCrash,
  'out-of-memory': outOfMemory,
  'placement-impossible': placementImpossible,
  'scaled-out-at-the-end': scaledOutAtTheEnd,
  'scaled-out-meanwhile': scaledOutMeanwhile,
  'secret-denied': secretDenied,
  'secret-not-found': secretNotFound,
  'secret-timeout': secretTimeout,
  'share-grows-slowly': shareGrowsSlowly,
  'slow-start-within-grace': slowStartWithinGrace,
  'spot-interruption': spotInterruption,
  'stopped-by-a-person': stoppedByAPerson,
  'target-group-unused': targetGroupUnused,
  'zone-shifted-away': zoneShiftedAway,
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
