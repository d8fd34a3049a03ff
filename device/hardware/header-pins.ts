/** The 40-pin header of every Raspberry Pi since the B+: the line on the chip, its place, and what else it is for. */
export interface HeaderPin {
  line: number;
  headerPin: number;
  alsoKnownAs: string | null;
}

const places: readonly (readonly [line: number, headerPin: number, alsoKnownAs?: string])[] = [
  [0, 27, 'ID EEPROM data'],
  [1, 28, 'ID EEPROM clock'],
  [2, 3, 'I2C data'],
  [3, 5, 'I2C clock'],
  [4, 7, 'clock, 1-Wire'],
  [5, 29],
  [6, 31],
  [7, 26, 'SPI select 1'],
  [8, 24, 'SPI select 0'],
  [9, 21, 'SPI input'],
  [10, 19, 'SPI output'],
  [11, 23, 'SPI clock'],
  [12, 32, 'PWM'],
  [13, 33, 'PWM'],
  [14, 8, 'serial output'],
  [15, 10, 'serial input'],
  [16, 36],
  [17, 11],
  [18, 12, 'PWM, I2S clock'],
  [19, 35, 'I2S frame'],
  [20, 38, 'I2S input'],
  [21, 40, 'I2S output'],
  [22, 15],
  [23, 16],
  [24, 18],
  [25, 22],
  [26, 37],
  [27, 13],
];

export const headerPins: readonly HeaderPin[] = places.map(([line, headerPin, alsoKnownAs = null]) => ({ line, headerPin, alsoKnownAs }));

/** Read by the firmware before anything else: what is wired to them can keep the board from starting. */
export function isReserved(line: number): boolean {
  return line === 0 || line === 1;
}
