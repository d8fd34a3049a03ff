import type { IconNode } from 'lucide';
import { Clock, HardDrive, PersonStanding, Power, Video, VideoOff, Wifi } from 'lucide';
import type { Event } from '../store/model.ts';

export const eventIcons: Readonly<Record<Event['kind'], IconNode>> = {
  motion: PersonStanding,
  'camera.offline': VideoOff,
  'camera.online': Video,
  'storage.alarm': HardDrive,
  'clock.stepped': Clock,
  'network.changed': Wifi,
  'device.started': Power,
};
