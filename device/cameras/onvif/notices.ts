import type { NoticeKind } from '#device/contract/contract.ts';
import type { Notice } from '../ports.ts';
import type { Notification } from './event-answers.ts';

/** Which topics mean what. The first are ONVIF's own, the others what makers are known to send. */
const topics: readonly (readonly [RegExp, NoticeKind])[] = [
  [/^VideoSource\/MotionAlarm$/, 'motion'],
  [/^RuleEngine\/(CellMotionDetector|MotionRegionDetector)\/Motion$/, 'motion'],
  [/^VideoAnalytics\/MotionDetection$/, 'motion'],
  [/^CameraApplicationPlatform\/VMD\//, 'motion'],
  [/^RuleEngine\/LineDetector\/Crossed$/, 'line'],
  [/^RuleEngine\/FieldDetector\/ObjectsInside$/, 'area'],
  [/^RuleEngine\/\w+\/Tamper$/, 'tamper'],
  [/^VideoSource\/GlobalSceneChange(\/|$)/, 'tamper'],
  [/^Device\/Trigger\/DigitalInput$/, 'input'],
  [/^AudioAnalytics\/Audio\/DetectedSound$/, 'sound'],
  [/^RuleEngine\/\w+\/(People|Person|Human|Face)\w*$/, 'person'],
  [/^RuleEngine\/\w+\/(Vehicle|Car)\w*$/, 'vehicle'],
  [/^RuleEngine\/\w+\/(DogCat|Animal|Pet)\w*$/, 'animal'],
  [/^RuleEngine\/\w+\/(Visitor|Doorbell)\w*$/, 'visitor'],
  [/^RuleEngine\/\w+\/LineCross\w*$/, 'line'],
  [/^RuleEngine\/\w+\/Intrusion\w*$/, 'area'],
];

/** One topic for everything, told apart by its items. */
const smartEvent = /^RuleEngine\/\w+\/TPSmartEvent$/i;
const smartItems: readonly (readonly [string, NoticeKind])[] = [
  ['IsPeople', 'person'],
  ['IsVehicle', 'vehicle'],
  ['IsPet', 'animal'],
  ['IsLineCross', 'line'],
  ['IsIntrusion', 'area'],
  ['IsTamper', 'tamper'],
];

const longestKey = 400;

/** Items that say whether it is so, most telling first. */
const stateNames = ['State', 'LogicalState', 'IsMotion', 'IsInside', 'IsTamper', 'IsSoundDetected', 'active'];

/** null for what is no concern of anybody here. */
export function noticeOf({ topic, operation, source, data }: Notification): Notice | null {
  const kind = kindOf(topic, data);
  if (kind === undefined) return null;
  const key = `${topic} ${[...source].join(' ')}`.slice(0, longestKey);
  if (operation === 'Deleted') return { kind, key, active: false };
  const active = stateOf(data);
  const isBeginning = operation === 'Initialized';
  // What is told because the subscription began: a moment that has passed, or an input whose wire simply is so. Neither happens now.
  if (isBeginning && (active === null || (kind === 'input' && active))) return null;
  return { kind, key, active: active ?? 'moment' };
}

function kindOf(topic: string, data: ReadonlyMap<string, string>): NoticeKind | undefined {
  if (smartEvent.test(topic)) return smartItems.find(([item]) => data.has(item))?.[1];
  return topics.find(([pattern]) => pattern.test(topic))?.[1];
}

/** null when it has none: something that happens in a moment. */
function stateOf(data: ReadonlyMap<string, string>): boolean | null {
  for (const name of stateNames) {
    const value = data.get(name)?.toLowerCase();
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
  }
  // Every maker has names of his own, but a truth is a truth.
  const truths = [...data.values()].filter((value) => /^(true|false)$/i.test(value));
  return truths.length > 0 ? truths.some((value) => value.toLowerCase() === 'true') : null;
}
