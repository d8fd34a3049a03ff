/** A name as the device and the fleet had it when they agreed last: the fleet may allow longer ones. */
export interface AgreedName {
  here: string;
  there: string;
}

interface Names extends AgreedName {
  /** null before the first time. */
  agreed: AgreedName | null;
  /** A variable decides the name here; it may be the same for a whole fleet, so it never becomes the name there. */
  isFixed: boolean;
  /** What a device is called that nobody named. */
  unnamed: string;
}

type NameStep = { kind: 'none' } | { kind: 'tell-fleet'; name: string } | { kind: 'take'; name: string };

const longestHere = 64;

/** Who renamed last since they agreed decides; the owner at the device when both did, and when they meet with a name that was given here. */
export function decideName({ here, there, agreed, isFixed, unnamed }: Names): NameStep {
  if (isFixed) return { kind: 'none' };
  const isNewHere = agreed ? here !== agreed.here : here !== unnamed;
  if (isNewHere) return here === there ? { kind: 'none' } : { kind: 'tell-fleet', name: here };
  if (agreed && there === agreed.there) return { kind: 'none' };
  const name = there.trim().slice(0, longestHere).trim();
  return name === '' || name === here ? { kind: 'none' } : { kind: 'take', name };
}
