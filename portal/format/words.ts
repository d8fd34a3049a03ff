import { dayWords } from './words-day.ts';
import { editorWords } from './words-editor.ts';
import { systemWords } from './words-system.ts';
import { updateWords } from './words-update.ts';

/** Every word the portal shows. A translation is another object of the same type. */
export const words = {
  product: 'Kerberos Edge',
  skipToContent: 'Skip to content',
  loading: 'Loading',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  saved: 'Saved',
  saving: 'Saving …',
  remove: 'Remove',
  optional: 'optional',
  notFound: {
    title: 'There is nothing here',
    text: 'The address may be old, or what it showed was removed.',
    back: 'Go to the live pictures',
  },
  failed: { title: 'This could not be shown' },

  nav: {
    label: 'Main',
    live: 'Live',
    recordings: 'Recordings',
    system: 'System',
    theme: { label: 'Colours', auto: 'As the system', light: 'Light', dark: 'Dark' },
    logOut: 'Log out',
  },

  connection: {
    lost: 'Connection to the device is lost. What you see may be out of date.',
    retryIn: (seconds: number) => (seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again now'),
    retryNow: 'Try now',
    back: 'Connected again',
    staleSince: (age: string) => `as of ${age} ago`,
  },

  network: {
    unreachable: 'The device did not answer.',
    unreachableAction: 'Check that it has power and that you are on the same network, then try again.',
    unreadable: 'The device answered something this page does not understand.',
    unreadableAction: 'Load the page again: the device may have been updated.',
  },

  claim: {
    title: 'Make this device yours',
    lead: 'Nobody has claimed it yet. Choose a name and a password: from then on only you can get in.',
    why: 'Why is there no default password? Because everybody knows default passwords, and cameras that have one are taken over within minutes. This device has none until you choose it.',
    username: 'Your name',
    password: 'Password',
    again: 'Password once more',
    hint: (least: number) =>
      `At least ${least} characters. Length is what counts: three or four words in a row are strong and easy to remember.`,
    strength: {
      label: 'Strength of the password',
      short: (missing: number) => `${missing} more ${missing === 1 ? 'character' : 'characters'} needed`,
      fair: 'Long enough',
      good: 'Good',
      strong: 'Strong',
    },
    differ: 'The two passwords differ.',
    nameMissing: 'Enter a name.',
    submit: 'Claim this device',
    busy: 'Claiming …',
    show: 'Show password',
    hide: 'Hide password',
  },

  login: {
    title: 'Log in',
    username: 'Name',
    password: 'Password',
    submit: 'Log in',
    busy: 'Logging in …',
    forgotten: 'Password forgotten? On the device itself, run',
    expired: 'Your session has ended. Log in to go on.',
  },

  cameraState: { connecting: 'Connecting', online: 'Live', offline: 'Offline', disabled: 'Off' },

  wall: {
    title: 'Live',
    add: 'Add camera',
    emptyTitle: 'No camera yet',
    emptyText: 'Add the first one: a network camera, a video file, or the built-in demo to look around.',
    recording: 'Recording',
    motion: 'Motion',
    open: (name: string) => `Open ${name}`,
    summary: (online: number, all: number) =>
      online === all ? `${all === 1 ? 'The camera is' : `All ${all} cameras are`} live` : `${online} of ${all} live`,
  },

  live: {
    old: (age: string) => `${age} old`,
    noPicture: 'No picture yet',
    connecting: 'Waiting for the first picture',
    disabled: 'This camera is switched off.',
    disabledAction: 'Switch it on in its settings.',
    stillPictures: 'Still pictures only',
    cannotPlay: (what: string) => `This browser cannot play ${what} live, so you see a new still picture every few seconds.`,
    noMse: 'This browser has no live video for web pages, so you see a new still picture every few seconds.',
    paused: 'Paused while not visible',
    offlineTitle: 'Offline',
    view: (name: string) => `Live picture of ${name}`,
    fullscreen: 'Full screen',
    exitFullscreen: 'Leave full screen',
    mute: 'Sound off',
    unmute: 'Sound on',
    behind: (seconds: string) => `${seconds} s behind`,
  },

  camera: {
    overview: 'Camera',
    back: 'All cameras',
    edit: 'Settings',
    snapshot: 'Snapshot',
    record: 'Record now',
    recordStop: 'Stop recording',
    recordStarted: (length: string) => `Recording for ${length}`,
    recordStopped: 'Recording by hand stopped',
    detector: 'Show what the detector sees',
    detectorShort: 'Detector',
    detectorIdle: 'Waiting for the detector …',
    detectorOff: 'Motion detection is off for this camera.',
    score: (score: string, threshold: string) => `Change ${score}, counts from ${threshold}`,
    scoreLabel: 'Strength of the change in the picture',
    moving: 'Motion',
    still: 'Still',
    stream: 'Stream',
    facts: {
      state: 'State',
      since: 'Since',
      picture: 'Picture',
      rate: 'Frames a second',
      bitRate: 'Data rate',
      key: 'Key picture every',
      sound: 'Sound',
      restarts: 'Restarts',
      recording: 'Recording',
      noSound: 'none',
    },
    notes: 'Good to know',
    events: 'Latest events',
    noEvents: 'Nothing happened yet. Walk through the picture to see the first event.',
    allRecordings: 'All recordings',
    offlineHelp: 'What to do',
    restart: 'Connect again',
    missing: 'This camera does not exist (any more).',
  },

  eventKind: {
    motion: 'Motion',
    'camera.offline': 'Camera offline',
    'camera.online': 'Camera back',
    'storage.alarm': 'Storage alarm',
    'clock.stepped': 'Clock changed',
    'device.started': 'Device started',
    'update.worked': 'Update worked',
    'update.failed': 'Update failed',
    'update.rolled-back': 'Update taken back',
    'data.restored': 'Earlier data in use',
  } as Readonly<Record<string, string>>,

  event: {
    ongoing: 'still going on',
    score: (share: string) => `score ${share}`,
    picture: (camera: string, time: string) => `Picture of ${camera} at ${time}`,
    announce: (kind: string, camera: string) => (camera ? `${kind}: ${camera}` : kind),
    device: 'Device',
  },

  mode: { off: 'Off', events: 'On events', continuous: 'Continuous', both: 'Continuous, events marked' },

  day: dayWords,
  editor: editorWords,
  system: systemWords,
  update: updateWords,
};
