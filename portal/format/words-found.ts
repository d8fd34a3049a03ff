export const foundWords = {
  title: 'Cameras that are there',
  looking: 'Looking for cameras …',
  none: 'No camera was found on the device. Plug one in, or look in the network.',
  network: 'Look in the network',
  networkBusy: 'Asking the network …',
  networkHint: 'Asks all devices of your network once whether they are cameras (ONVIF).',
  again: 'Look again',
  use: 'Use this camera',
  added: 'Added already',
  open: 'Open',
  picture: (name: string) => `What ${name} sees`,
  noPicture: 'No picture',
  chosen: (name: string) => `${name} is in the form below. Give it a name and add it.`,

  usb: {
    none: 'Choose one of the cameras above.',
    device: 'Camera',
    port: (port: string) => `port ${port}`,
    serial: (serial: string) => `serial number ${serial}`,
    size: 'Size',
    rate: 'Frames a second',
    format: 'Format',
    formats: {
      auto: 'Chosen by the device',
      h264: 'H.264 from the camera',
      mjpeg: 'Motion JPEG, encoded here',
      raw: 'Uncompressed, encoded here',
    },
    hint: 'The nearest that the camera offers is taken. More costs more, unless the camera delivers H.264 itself.',
  },

  controls: {
    title: 'Picture of the camera',
    lead: 'Settings of the camera itself. They change at once, and are set again whenever it is plugged in.',
    locked: 'Decided by an automatic now.',
    reset: (label: string) => `Set ${label} back`,
  },
};
