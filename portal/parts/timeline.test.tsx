// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Timeline } from './timeline.tsx';

const hour = 3_600_000;
const day = { fromMs: 0, toMs: 24 * hour };

const show = () => {
  const onSeek = vi.fn();
  const onView = vi.fn();
  const onPlayPause = vi.fn();
  render(
    <Timeline
      label="Timeline"
      help="Arrow keys seek"
      rows={[
        {
          id: 'front',
          label: 'Front door',
          marks: [{ recordingId: 'a', startMs: hour, endMs: 2 * hour, trigger: 'motion' }],
          eventsMs: [hour],
        },
      ]}
      activeRow="front"
      day={day}
      view={day}
      cursorMs={hour}
      timeOf={(ms) => `${ms / hour} h`}
      minuteOf={(ms) => `${ms / hour}`}
      onSeek={onSeek}
      onView={onView}
      onPlayPause={onPlayPause}
    />,
  );
  return { slider: screen.getByRole('slider', { name: 'Timeline' }), onSeek, onView, onPlayPause };
};

afterEach(cleanup);

describe('the timeline', () => {
  test('tells a screen reader where it is', () => {
    const { slider } = show();
    expect(slider.getAttribute('aria-valuetext')).toBe('1 h');
    expect(slider.getAttribute('aria-valuenow')).toBe('3600');
    expect(slider.getAttribute('tabindex')).toBe('0');
  });

  test('arrows seek, plus zooms, space plays', () => {
    const { slider, onSeek, onView, onPlayPause } = show();
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    expect(onSeek).toHaveBeenLastCalledWith(hour + 864_000, null);
    fireEvent.keyDown(slider, { key: '+' });
    expect(onView).toHaveBeenCalledWith({ fromMs: 0.5 * hour, toMs: 12.5 * hour });
    fireEvent.keyDown(slider, { key: ' ' });
    expect(onPlayPause).toHaveBeenCalledTimes(1);
  });

  test('leaves other keys to the page', () => {
    const { slider, onSeek } = show();
    expect(fireEvent.keyDown(slider, { key: 'Tab' })).toBe(true);
    expect(onSeek).not.toHaveBeenCalled();
  });

  test('draws what is recorded in the colour of its cause', () => {
    show();
    expect(document.querySelectorAll('.mark-motion')).toHaveLength(1);
    expect(document.querySelectorAll('.mark-continuous')).toHaveLength(0);
    expect(document.querySelectorAll('.event-mark')).toHaveLength(1);
  });
});
