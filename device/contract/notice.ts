import { z } from 'zod';

/** What a network camera can notice by itself. */
export const noticeKinds = ['motion', 'person', 'vehicle', 'animal', 'line', 'area', 'visitor', 'input', 'sound', 'tamper'] as const;
export const noticeKindSchema = z.enum(noticeKinds).meta({ id: 'NoticeKind' });
export type NoticeKind = z.infer<typeof noticeKindSchema>;

export const noticeSettingsSchema = z
  .object({
    /** The camera is asked for its own events, where it answers ONVIF. */
    enabled: z.boolean(),
    /** Which of them become events here and make it record. */
    kinds: z.array(noticeKindSchema).max(noticeKinds.length),
  })
  .meta({ id: 'NoticeSettings' });
export type NoticeSettings = z.infer<typeof noticeSettingsSchema>;

export const defaultNoticeSettings: NoticeSettings = { enabled: false, kinds: [...noticeKinds] };
