// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';

afterEach(cleanup);

describe('a field', () => {
  test('ties label, hint and error to its control', () => {
    render(<TextField label="Name" value="" onInput={() => {}} hint="Where it looks" error="This is needed." />);
    const input = screen.getByLabelText('Name');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(['Where it looks', 'This is needed.']);
  });

  test('hands on what is typed', () => {
    const onInput = vi.fn();
    render(<TextField label="Name" value="" onInput={onInput} />);
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Yard' } });
    expect(onInput).toHaveBeenCalledWith('Yard');
  });
});

describe('a busy button', () => {
  test('keeps the focus, but does nothing', () => {
    const onClick = vi.fn();
    render(
      <Button busy onClick={onClick}>
        Save
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Save' });
    fireEvent.click(button);
    expect(onClick).not.toHaveBeenCalled();
    expect(button.hasAttribute('disabled')).toBe(false);
    expect(button.getAttribute('aria-disabled')).toBe('true');
  });
});
