import type { IconNode } from 'lucide';
import {
  Clock,
  HardDrive,
  HeartPulse,
  KeyRound,
  Moon,
  PersonStanding,
  Plug,
  Power,
  Radio,
  Sun,
  Thermometer,
  Video,
  VideoOff,
  Wifi,
  Zap,
} from 'lucide';
import type { Event } from '../store/model.ts';

export const eventIcons: Readonly<Record<Event['kind'], IconNode>> = {
  motion: PersonStanding,
  'camera.offline': VideoOff,
  'camera.online': Video,
  'camera.day': Sun,
  'camera.night': Moon,
  'storage.alarm': HardDrive,
  'clock.stepped': Clock,
  'network.changed': Wifi,
  'device.started': Power,
  'pin.input': Radio,
  'pin.output': Plug,
  'power.weak': Zap,
  'device.strained': Thermometer,
  'device.wedged': HeartPulse,
  'access.reset': KeyRound,
};
