import { describe, expect, test } from 'vitest';
import type { Notification } from './event-answers.ts';
import { noticeOf } from './notices.ts';

function told(topic: string, data: Record<string, string>, operation: Notification['operation'] = 'Changed'): string | null {
  const notice = noticeOf({ topic, operation, source: new Map([['Rule', '1']]), data: new Map(Object.entries(data)) });
  return notice && `${notice.kind} ${notice.active}`;
}

describe('what a camera says', () => {
  test.each([
    ['VideoSource/MotionAlarm', { State: 'true' }, 'motion true'],
    ['RuleEngine/CellMotionDetector/Motion', { IsMotion: 'false' }, 'motion false'],
    ['RuleEngine/MyRuleDetector/PeopleDetect', { State: 'true' }, 'person true'],
    ['RuleEngine/MyRuleDetector/FaceDetect', { State: 'true' }, 'person true'],
    ['RuleEngine/PeopleDetector/People', { IsPeople: 'true' }, 'person true'],
    ['RuleEngine/MyRuleDetector/VehicleDetect', { State: 'false' }, 'vehicle false'],
    ['RuleEngine/MyRuleDetector/DogCatDetect', { State: 'true' }, 'animal true'],
    ['RuleEngine/MyRuleDetector/Visitor', { State: 'true' }, 'visitor true'],
    ['RuleEngine/FieldDetector/ObjectsInside', { ObjectId: '3', IsInside: 'true' }, 'area true'],
    ['RuleEngine/LineDetector/Crossed', { ObjectId: '1' }, 'line moment'],
    ['RuleEngine/TamperDetector/Tamper', { IsTamper: '1' }, 'tamper true'],
    ['RuleEngine/TPSmartEventDetector/TPSmartEvent', { IsVehicle: 'true' }, 'vehicle true'],
    ['RuleEngine/TPSmartEventDetector/TPSmartEvent', { IsSomething: 'true' }, null],
    ['RuleEngine/CellMotionDetector/LineCross', { IsLineCross: 'true' }, 'line true'],
    ['RuleEngine/CellMotionDetector/People', { IsPeople: 'false' }, 'person false'],
    ['VideoSource/GlobalSceneChange/ImagingService', { State: 'true' }, 'tamper true'],
    ['Device/Trigger/DigitalInput', { LogicalState: 'true' }, 'input true'],
    ['AudioAnalytics/Audio/DetectedSound', { isSoundDetected: 'true' }, 'sound true'],
    ['CameraApplicationPlatform/VMD/Camera1Profile1', { active: '0' }, 'motion false'],
    ['Monitoring/ProcessorUsage', { Value: '12' }, null],
    ['VideoSource/ImageTooDark/ImagingService', { State: 'true' }, null],
  ])('as %s %j is %s', (topic, data, meant) => {
    expect(told(topic, data)).toBe(meant);
  });

  test('about how things are at the beginning counts where they go on, not where they were or merely are', () => {
    expect(told('VideoSource/MotionAlarm', { State: 'true' }, 'Initialized')).toBe('motion true');
    expect(told('VideoSource/MotionAlarm', { State: 'false' }, 'Initialized')).toBe('motion false');
    expect(told('RuleEngine/LineDetector/Crossed', { ObjectId: '1' }, 'Initialized')).toBeNull();
    expect(told('Device/Trigger/DigitalInput', { LogicalState: 'true' }, 'Initialized')).toBeNull();
    expect(told('RuleEngine/FieldDetector/ObjectsInside', { IsInside: 'true' }, 'Deleted')).toBe('area false');
  });
});
