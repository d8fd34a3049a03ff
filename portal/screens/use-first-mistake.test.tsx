// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { useState } from 'preact/hooks';
import { afterEach, expect, test } from 'vitest';
import { TextField } from '../parts/field.tsx';
import { useFirstMistake } from './use-first-mistake.ts';

afterEach(cleanup);

const Form = ({ name }: { name: string }) => {
  useFirstMistake();
  const [isTried, setTried] = useState(false);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
      }}
    >
      <TextField label="Name" value={name} onInput={() => {}} error={isTried && !name ? 'This is needed.' : null} />
      <TextField label="Place" value="" onInput={() => {}} error={isTried ? 'This is needed.' : null} />
      <button type="submit">Send</button>
    </form>
  );
};

test.each([
  ['', 'Name'],
  ['Yard', 'Place'],
])('a form sent with the name "%s" leads to the field %s', async (name, label) => {
  render(<Form name={name} />);
  const send = screen.getByText('Send');
  send.focus();
  fireEvent.click(send);
  await expect.poll(() => document.activeElement).toBe(screen.getByLabelText(label));
});
