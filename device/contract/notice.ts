import { z } from 'zod';
import { noticeKinds } from './notice-kinds.ts';

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
