import type { DecidedRow } from '@tenant-delivery/findings/decide-rows';
import type { Judgement } from '@tenant-delivery/findings/verdict';

const NAMED = 5; // packages in the remedy; the summary has all

/** What to do about a denial; names the packages that a newer version mends. */
export function remedyOf(judgement: Judgement): string {
  if (judgement.reasonCode === 'WAIVERS_UNUSED') {
    return 'Remove the waivers that are named, or correct what they are for; the image itself is inside every limit.';
  }
  if (judgement.reasonCode === 'NOTHING_TO_INSPECT') {
    return 'Build the image for a platform that tasks run on, linux/amd64 or linux/arm64.';
  }
  if (judgement.reasonCode === 'SCAN_NOT_EVIDENCE') return inspectionRemedy(judgement);
  const named = new Set<string>();
  for (const row of judgement.blocking) {
    if (named.size === NAMED) break;
    named.add(mendOf(row));
  }
  return `Update ${[...named].join(', ')}, or build on a base image that has newer ones, and push again.`;
}

function inspectionRemedy({ unproven }: Judgement): string {
  if (unproven.some(({ vanished = [] }) => vanished.length > 0))
    return 'Keep the databases of packages in the image (/var/lib/dpkg, /lib/apk/db, /var/lib/rpm, package.json, *.dist-info), and remove a package by its package manager. Where that cannot be, the floor says in which repositories images may be used that nothing can inspect, and the service who answers for this one (`unscannable`).';
  if (unproven.some(({ unscannable }) => unscannable))
    return 'Build the image on a system that the scanner knows. Where that cannot be, the floor says in which repositories such images may be used, and the service who answers for this one (`unscannable`).';
  return unproven.every(({ late }) => late)
    ? 'Run again once the registry has finished, or give it more time (`scan-minutes`).'
    : 'Look at the inspection in the registry; run again once it is complete.';
}

/** Basic scanning often names no fixed version; then the version to leave behind is all that is known. */
function mendOf({ finding }: DecidedRow): string {
  const { package: name, version, fixedIn } = finding;
  return fixedIn === undefined
    ? `${name} (from ${version}; the registry names no fixed version)`
    : `${name} to ${fixedIn}`;
}
