import type { IconNode } from 'lucide';
import { Clock, HardDrive, Moon, PersonStanding, Power, Sun, Video, VideoOff } from 'lucide';
import type { Event } from '../store/model.ts';

export const eventIcons: Readonly<Record<Event['kind'], IconNode>> = {
  motion: PersonStanding,
  'camera.offline': VideoOff,
  'camera.online': Video,
  'camera.day': Sun,
  'camera.night': Moon,
  'storage.alarm': HardDrive,
  'clock.stepped': Clock,
  'device.started': Power,
};
