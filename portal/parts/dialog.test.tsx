// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { Dialog } from './dialog.tsx';

afterEach(cleanup);

test('a dialog begins at what is marked, not at what closes it', async () => {
  render(
    <Dialog title="The new token" closeLabel="Close" onClose={() => {}}>
      <input aria-label="Value" data-first-focus readOnly value="abc" />
    </Dialog>,
  );
  await expect.poll(() => document.activeElement).toBe(screen.getByLabelText('Value'));
});
