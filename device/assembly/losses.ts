import type { Restored } from '#device/kernel/database.ts';

export interface Loss {
  message: string;
  action: string;
}

interface Copies {
  damagedCopy: string | null;
  newerCopy: string | null;
}

interface Openings {
  index: Copies;
  events: Copies;
  access: { usersLost: boolean };
}

/** What had to be begun anew, and what can be done about it. */
export function lossesOf({ index, events, access }: Openings): Loss[] {
  const losses: Loss[] = [];
  const indexCopy = index.damagedCopy ?? index.newerCopy;
  if (indexCopy !== null) {
    const message = `The index of the recordings ${whyOf(index)} and was made anew from their files. It is kept as ${indexCopy}.`;
    losses.push({ message, action: `Protect again what must not be deleted: this was lost.${cureOf(index)}` });
  }
  const eventsCopy = events.damagedCopy ?? events.newerCopy;
  if (eventsCopy !== null) {
    const message = `The journal of events ${whyOf(events)} and begins anew. It is kept as ${eventsCopy}.`;
    losses.push({ message, action: `Restore a backup if the old events are needed.${cureOf(events)}` });
  }
  if (access.usersLost) {
    const action = 'Run "scripts/kerberos reset-password" on the device, or restore a backup.';
    losses.push({ message: 'The users of this device were lost: nobody can log in.', action });
  }
  return losses;
}

function whyOf({ damagedCopy }: Copies): string {
  return damagedCopy === null ? 'was of a newer release' : 'was damaged';
}

function cureOf({ damagedCopy }: Copies): string {
  return damagedCopy === null ? '' : ' Replace the disk or card if it happens again.';
}

interface Restorations {
  settings: { restored(): string | null };
  index: Restored | null;
  events: Restored | null;
  access: Restored | null;
}

/** An older release runs again on what a newer one had changed. */
export function restorationsOf({ settings, index, events, access }: Restorations): Loss[] {
  const found: (Loss | null)[] = [
    settingsRestoration(settings.restored()),
    index && {
      message: `The index of the recordings is again the one from before ${releaseOf(index)}; recordings made since were taken in from their files.`,
      action: 'Protect again what was protected since: this was lost.',
    },
    events && {
      message: `The journal of events is again the one from before ${releaseOf(events)}. The newer one is kept as ${events.newerCopy}.`,
      action: 'Events since then are not shown; the recordings are.',
    },
    access && {
      message: `Users, passwords and tokens are again those from before ${releaseOf(access)}.`,
      action: 'Change the password again and revoke tokens again, if you did so since.',
    },
  ];
  return found.filter((restoration) => restoration !== null);
}

function settingsRestoration(message: string | null): Loss | null {
  return message === null ? null : { message, action: 'Look through the settings and cameras, and set again what you changed since.' };
}

function releaseOf({ fromRelease }: Restored): string {
  return fromRelease === null ? 'a newer release' : `release ${fromRelease}`;
}
