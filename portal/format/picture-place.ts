/** Places in a picture: 0 to 1 on the wire, pixels of the picture on the screen. */

const clamp = (value: number) => Math.min(1, Math.max(0, value));

export const boxPlace = (box: { x: number; y: number; width: number; height: number }, width: number, height: number) => {
  const [left, top] = [clamp(box.x), clamp(box.y)];
  const [right, bottom] = [clamp(box.x + box.width), clamp(box.y + box.height)];
  return { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
};
