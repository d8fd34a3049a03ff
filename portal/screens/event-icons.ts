import type { IconNode } from 'lucide';
import { Archive, CircleCheck, CircleX, Clock, HardDrive, PersonStanding, Power, Undo2, Video, VideoOff } from 'lucide';
import type { Event } from '../store/model.ts';

export const eventIcons: Readonly<Record<Event['kind'], IconNode>> = {
  motion: PersonStanding,
  'camera.offline': VideoOff,
  'camera.online': Video,
  'storage.alarm': HardDrive,
  'clock.stepped': Clock,
  'device.started': Power,
  'update.worked': CircleCheck,
  'update.failed': CircleX,
  'update.rolled-back': Undo2,
  'data.restored': Archive,
};
